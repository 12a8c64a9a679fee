/** Fresh lists: server-sent events tell what changed, gathered for a moment; a slow poll stands in when the stream is down. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { systemEndpoints } from '#contract/topology.ts';

/** Lists ask again this often even without an event. */
export const listPollMs = 15_000;
/** Under load many cases change each second: one refresh gathers them. */
const gatherMs = 2_500;

export function useLiveUpdates(signedIn: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!signedIn) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const changed = new Set<string>();
    function refresh(): void {
      timer = null;
      const topics = new Set(changed);
      changed.clear();
      void cache.invalidateQueries({
        predicate: ({ queryKey }) => {
          const [topic, key] = queryKey;
          if (topic === 'case') return typeof key === 'string' && topics.has(key);
          return topic === 'tasks' || topic === 'cases' || topic === 'statistics' || topic === 'incidents';
        },
      });
    }
    function note(event: MessageEvent<string>): void {
      const data = JSON.parse(event.data) as { processInstanceKey?: string };
      if (data.processInstanceKey !== undefined) changed.add(data.processInstanceKey);
      timer ??= setTimeout(refresh, gatherMs);
    }
    const source = new EventSource(systemEndpoints.streamEvents.path);
    source.addEventListener('task.changed', note);
    source.addEventListener('case.changed', note);
    return () => {
      source.close();
      if (timer !== null) clearTimeout(timer);
    };
  }, [cache, signedIn]);
}
