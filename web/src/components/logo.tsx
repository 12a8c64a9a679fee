import type { ReactNode } from 'react';

/** A flow that branches. */
export function Logo({ size }: { size: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#073642" />
      <circle cx="8.5" cy="16" r="3.5" fill="none" stroke="#fff" strokeWidth="2.4" />
      <path
        d="M12 16h3.2c3 0 2.2-6 5.2-6h1.6M15.2 16c3 0 2.2 6 5.2 6h1.6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="24.4" cy="10" r="2.4" fill="#ffd166" />
      <circle cx="24.4" cy="22" r="2.4" fill="#7fd1ae" />
    </svg>
  );
}
