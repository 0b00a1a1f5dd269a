// SPDX-License-Identifier: Apache-2.0

/**
 * The only reader of time. The two functions must never be confused: `documentTime` is written into documents
 * and honours SOURCE_DATE_EPOCH; `now` decides expiry and data age and never does.
 */
export interface Clock {
  /** The time that decides. */
  now(): Date;
  /** The time that is written. */
  documentTime(): Date;
}

/** `epoch`: the value of SOURCE_DATE_EPOCH (seconds); `now`: a fixed time for replays. */
export function systemClock(options: { epoch?: string | undefined; now?: Date | undefined } = {}): Clock {
  const now = () => options.now ?? new Date();
  return {
    now,
    documentTime() {
      const seconds =
        options.epoch !== undefined && /^\d{1,12}$/.test(options.epoch) ? Number(options.epoch) : undefined;
      return seconds === undefined ? now() : new Date(seconds * 1000);
    },
  };
}
