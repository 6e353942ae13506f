package io.millrace.spark.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SparkFailuresTest {
  @Test
  void badInputOfATaskIsTheLineOfTheDriver() {
    Exception job =
        new Exception(
            "Job aborted: Lost task 0.0 (TID 9): io.millrace.BadInputException: no such node:"
                + " id=9\n"
                + "\tat io.millrace.BadInputException.of(BadInputException.java:35)");
    RuntimeException cause = SparkFailures.cause(job);
    assertInstanceOf(BadInputException.class, cause);
    assertEquals("no such node: id=9", cause.getMessage());
  }

  @Test
  void aRankThatFailedIsNamed() {
    Exception job =
        new Exception(
            "Lost task: io.millrace.ranks.RankFailedException: a rank has failed: rank=1,"
                + " step=3\n");
    assertEquals("a rank has failed: rank=1, step=3", SparkFailures.cause(job).getMessage());
  }

  @Test
  void anOlderJavaIsNamed() {
    Exception job =
        new Exception("Lost task: java.lang.UnsupportedClassVersionError: io/millrace/X has been");
    assertEquals(
        "executors need Java 25: spark.executorEnv.JAVA_HOME, or JAVA_HOME of the workers",
        SparkFailures.cause(job).getMessage());
  }

  @Test
  void aTaskWithoutMemoryIsNamedWithItsPartition() {
    String lost = "Job aborted due to stage failure: Task 3 in stage 5.0 failed 4 times: ";
    for (String reason :
        List.of(
            "java.lang.OutOfMemoryError: Java heap space\n\tat java.util.Arrays.copyOf",
            "ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason:"
                + " Command exited with code 52")) {
      assertEquals(
          "a task needs more memory than an executor has; repartition a skewed table, or raise"
              + " spark.executor.memory: partition=3",
          SparkFailures.cause(new Exception(lost + reason)).getMessage());
    }
  }

  @Test
  void moreResultsThanTheDriverTakesAreNamed() {
    String message =
        "Job aborted due to stage failure: Total size of serialized results of 3 tasks (1.1 GiB)"
            + " is bigger than spark.driver.maxResultSize 1024.0 MiB";
    assertEquals(
        "the results of the tasks are larger than the driver takes:"
            + " spark.driver.maxResultSize=1024.0 MiB",
        SparkFailures.cause(new Exception(message)).getMessage());
  }

  @Test
  void whatIsNotKnownStaysAsItIs() {
    RuntimeException failure = new IllegalStateException("of another kind");
    assertSame(failure, SparkFailures.cause(failure));
  }

  @Test
  void labelsAndSplitsAreThoseOfAnImport() {
    List<String> names = List.of("a", "b");
    assertEquals(1, NodeDataFrame.label(" b ", names, 0));
    assertEquals(-1, NodeDataFrame.label(" ", names, 0));
    assertEquals(-1, NodeDataFrame.label(Double.NaN, List.of(), 0));
    assertEquals(-1, NodeDataFrame.label(-1L, List.of(), 0));
    assertEquals(3, NodeDataFrame.label(3.0, List.of(), 0));
    assertThrows(BadInputException.class, () -> NodeDataFrame.label(.5, List.of(), 0));
    assertEquals(Optional.of(Split.VALID), NodeDataFrame.split("Dev", 0));
    assertEquals(Optional.empty(), NodeDataFrame.split(null, 0));
    assertThrows(BadInputException.class, () -> NodeDataFrame.split("holdout", 0));
  }
}
