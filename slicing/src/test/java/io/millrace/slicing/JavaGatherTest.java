package io.millrace.slicing;

/** The reference keeps the contract. */
class JavaGatherTest extends RowGatherTest {
  @Override
  RowGather gather() {
    return RowGather.of(GatherKind.JAVA);
  }
}
