import { useEffect, useState } from 'react';

/** The clock for relative times: one render every `stepMs`, so "2 menit lagi" does not lie. */
export function useNowMs(stepMs = 30_000): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return nowMs;
}
