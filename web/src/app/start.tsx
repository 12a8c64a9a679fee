import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { ToastProvider } from '../components/toast.tsx';
import { setUpLanguage } from '../i18n/setup.ts';
import { SessionProvider } from '../lib/session.tsx';
import { ShortcutProvider } from '../lib/shortcuts.tsx';
import { router } from './routes.tsx';
import './styles/tokens.css';
import './styles/base.css';
import '../components/components.css';
import '../components/case/case.css';
import './styles/layout.css';

/** lib/api.ts repeats what may be repeated; asking again here would only multiply the wait. */
const cache = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 2_000 }, mutations: { retry: false } },
});
/** What somebody typed is kept while the page lives, not five minutes. */
cache.setQueryDefaults(['draft'], { gcTime: Infinity });

await setUpLanguage();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <SessionProvider>
        <ShortcutProvider>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </ShortcutProvider>
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
