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
  /** Set when `now` is a fixed time, which a verdict must say. */
  readonly replay?: string;
}

/** `epoch`: the value of SOURCE_DATE_EPOCH (seconds); `now`: a fixed time for replays. */
export function systemClock(options: { epoch?: string | undefined; now?: Date | undefined } = {}): Clock {
  const now = () => options.now ?? new Date();
  return {
    ...(options.now === undefined ? {} : { replay: options.now.toISOString() }),
    now,
    documentTime() {
      return options.epoch === undefined ? now() : new Date(Number(options.epoch) * 1000);
    },
  };
}
