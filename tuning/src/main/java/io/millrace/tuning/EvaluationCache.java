package io.millrace.tuning;

import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import java.util.List;

/**
 * Whether batches of the validation nodes are kept in memory, see {@link
 * TrainerBuilder#evaluationCache}.
 *
 * @param bytes of the batches that are kept; 0 if it is not worth it
 * @param saved the part of an evaluation's CPU time that it saves, 0 to 1
 */
public record EvaluationCache(long bytes, double saved) {
  /** No batches are kept. */
  public static final EvaluationCache NONE = new EvaluationCache(0, 0);

  /** What it must save: memory has other uses. */
  private static final double WORTH_IT = .1;

  private static final List<Stage> PREPARATION = List.of(Stage.PLAN, Stage.SAMPLE, Stage.SLICE);

  /**
   * Evaluates the validation nodes twice: the first time batches are kept, the second time they are
   * there.
   *
   * @param builder of the training
   * @param room for the batches, in bytes
   */
  static EvaluationCache measure(TrainerBuilder builder, double room) {
    if (room < 1) {
      return NONE;
    }
    try (GraphTrainer trainer = builder.evaluationCache((long) room).build()) {
      PipelineMetrics first = evaluation(trainer);
      PipelineMetrics second = evaluation(trainer);
      return of(
          trainer.evaluationCacheBytes(),
          cpuNanos(first, PREPARATION),
          cpuNanos(second, PREPARATION),
          cpuNanos(first, List.of(Stage.EVALUATE)) + first.otherCpuNanos());
    } catch (BadInputException _) { // without labelled validation nodes there is no evaluation
      return NONE;
    }
  }

  private static PipelineMetrics evaluation(GraphTrainer trainer) {
    PipelineMetrics before = trainer.trace().metrics();
    trainer.evaluate(Split.VALID);
    return trainer.trace().metrics().minus(before);
  }

  private static double cpuNanos(PipelineMetrics metrics, List<Stage> stages) {
    return stages.stream().mapToDouble(it -> metrics.total(it).cpuNanos()).sum();
  }

  /**
   * @param bytes of the batches that were kept
   * @param prepared CPU time of preparing the batches, when they were not there
   * @param copied the same, when they were
   * @param rest CPU time of the rest of an evaluation
   */
  static EvaluationCache of(long bytes, double prepared, double copied, double rest) {
    double saved = (prepared - copied) / (prepared + rest);
    return bytes > 0 && saved >= WORTH_IT ? new EvaluationCache(bytes, saved) : NONE;
  }
}
