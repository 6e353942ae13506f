package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  @Test
  void goesOnAfterAFailureAndThrowsTheFirstWithTheOthers() {
    List<String> done = new ArrayList<>();
    RuntimeException first = new IllegalStateException("first");
    Error second = new AssertionError("second");

    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                Shutdown.run(
                    () -> done.add("a"),
                    () -> {
                      throw first;
                    },
                    () -> done.add("b"),
                    () -> {
                      throw second;
                    },
                    () -> done.add("c")));

    assertSame(first, thrown);
    assertSame(second, thrown.getSuppressed()[0]);
    assertEquals(List.of("a", "b", "c"), done);
  }
}
