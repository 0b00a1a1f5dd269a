// SPDX-License-Identifier: Apache-2.0

/**
 * The message that all hits of a rule have, by rule id. It describes the rule; where hits differ, each names what was
 * found in its place, and none of them does.
 */
export function sharedMessages(
  hits: Iterable<{ readonly ruleId: string; readonly message?: string }>,
): ReadonlyMap<string, string> {
  const messages = new Map<string, string | undefined>();
  for (const { ruleId, message } of hits)
    messages.set(ruleId, !messages.has(ruleId) || messages.get(ruleId) === message ? message : undefined);
  return new Map([...messages].flatMap(([id, message]) => (message === undefined ? [] : [[id, message]])));
}
