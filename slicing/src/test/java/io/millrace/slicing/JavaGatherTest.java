package io.millrace.slicing;

/** The reference keeps the contract. */
class JavaGatherTest extends RowGatherTest {
  @Override
  RowGather choose() {
    return RowGather.of(GatherKind.JAVA);
  }
}
