package io.millrace.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.JsonProtocol;

/** What Spark's own event log says of a session. */
public record EventLog(List<SparkListenerEvent> events) {
  static EventLog read(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return new EventLog(lines.map(JsonProtocol::sparkEventFromJson).toList());
    }
  }

  private <T extends SparkListenerEvent> Stream<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Executors that were lost while the session lasted. */
  public long numExecutorsRemoved() {
    return all(SparkListenerExecutorRemoved.class).count();
  }

  /** Stages in which a task was lost with its executor. */
  public Set<Integer> stagesWithLostExecutor() {
    return all(SparkListenerTaskEnd.class)
        .filter(it -> it.reason() instanceof ExecutorLostFailure)
        .map(SparkListenerTaskEnd::stageId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Stages in which a task succeeded that was not the first attempt, of task or stage. */
  public Set<Integer> stagesWithRetry() {
    return all(SparkListenerTaskEnd.class)
        .filter(it -> it.reason() == Success$.MODULE$)
        .filter(it -> it.taskInfo().attemptNumber() > 0 || it.stageAttemptId() > 0)
        .map(SparkListenerTaskEnd::stageId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The last attempt of a stage that was completed, from 0. */
  public int attempt(int stage) {
    return all(SparkListenerStageCompleted.class)
        .filter(it -> it.stageInfo().stageId() == stage && it.stageInfo().failureReason().isEmpty())
        .mapToInt(it -> it.stageInfo().attemptNumber())
        .max()
        .orElse(-1);
  }

  /** Executors that had tasks of a stage. */
  public Set<String> executors(int stage) {
    return all(SparkListenerTaskStart.class)
        .filter(it -> it.stageId() == stage)
        .map(it -> it.taskInfo().executorId())
        .collect(Collectors.toSet());
  }

  /** Stages that had resources of their own. */
  public Set<Integer> stagesWithProfile() {
    return all(SparkListenerStageSubmitted.class)
        .filter(it -> it.stageInfo().resourceProfileId() != 0)
        .map(it -> it.stageInfo().stageId())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
