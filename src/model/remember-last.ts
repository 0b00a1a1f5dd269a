// SPDX-License-Identifier: Apache-2.0

/** Remembers the last answer, for what is asked in runs of one value; two values are the same by `===`. */
export function rememberLast<Value, Answer>(make: (value: Value) => Answer): (value: Value) => Answer {
  let last: { readonly value: Value; readonly answer: Answer } | undefined;
  return (value) => {
    if (last === undefined || last.value !== value) last = { value, answer: make(value) };
    return last.answer;
  };
}
