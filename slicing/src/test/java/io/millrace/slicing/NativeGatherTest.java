package io.millrace.slicing;

/** The kernel keeps the contract. */
class NativeGatherTest extends RowGatherTest {
  @Override
  RowGather gather() {
    return nativeGather();
  }
}
