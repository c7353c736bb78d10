/** Whether two types are the same, not only assignable. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only for `true`: `holds<Same<A, B>>()`. */
export function holds<Claim extends true>(..._claim: Claim[]): void {}

/** Compiles only for a value of this very type. */
export function is<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._same: Same<Actual, Expected> extends true ? [] : [never]
  ): void => {}
}
