package io.millrace.sweeps;

import io.millrace.datasets.GraphDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over small trainings, and what can be compared of their results. */
abstract class SweepFixture {
  @TempDir Path folder;
  final GraphDataset data = SweptGraph.open();

  @AfterEach
  void close() {
    data.close();
  }

  final SweepBuilder sweep(String name) {
    return GraphSweep.builder(SweptGraph.training(data))
        .space(SweptGraph.space())
        .saveTo(folder.resolve(name))
        .trials(4)
        .schedule(new ScheduleOptions(SchedulerKind.ASHA, 4, 1, 2, true, 3));
  }

  /** All of a result except times. */
  static List<Object> table(SweepResult result) {
    List<Object> table = new ArrayList<>(List.of(result.test(), result.epochs()));
    for (TrialRow row : result.trials()) {
      table.add(
          List.of(
              row.trial(), row.state(), row.epochs(), row.bestEpoch(), row.score(), row.error()));
    }
    return table;
  }
}
