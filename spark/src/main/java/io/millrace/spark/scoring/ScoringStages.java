package io.millrace.spark.scoring;

import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.spark.tables.SparkFailures;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.Shard;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Scores all nodes of a graph, pass by pass. The next class to read is {@link ScoringPlan}. */
@Internal
public final class ScoringStages {
  private ScoringStages() {}

  /**
   * Computes what is missing in the plan's directory; once its {@code manifest.json} exists, that
   * is nothing.
   *
   * @param model the bytes of the model's file
   */
  public static void run(JavaSparkContext spark, ScoringPlan plan, byte[] model) {
    Broadcast<SharedModel> shared = spark.broadcast(new SharedModel(model));
    try {
      int numPasses =
          spark.parallelize(List.of(plan), 1).map(it -> numPasses(it, shared.value())).first();
      List<Integer> shards = IntStream.range(0, plan.shards()).boxed().toList();
      for (int pass = 0; pass < numPasses; pass++) {
        int number = pass;
        spark
            .parallelize(shards, plan.shards())
            .foreach(shard -> compute(plan, shared.value(), shard, number));
      }
      if (numPasses > 0) {
        spark.parallelize(List.of(plan), 1).foreach(it -> write(it, shared.value()));
      }
    } catch (Exception e) { // Spark throws checked ones without saying so
      throw SparkFailures.cause(e);
    } finally {
      shared.destroy();
    }
  }

  /** None if the results are there. */
  private static int numPasses(ScoringPlan plan, SharedModel model) {
    try (GraphDataset data = GraphDataset.open(Path.of(plan.dataset()));
        GraphInference inference = plan.inference(data, model.file(), Shard.WHOLE)) {
      return inference.isDone(Path.of(plan.out()), plan.output()) ? 0 : inference.numPasses();
    }
  }

  private static void compute(ScoringPlan plan, SharedModel model, int shard, int pass) {
    Shard own = new Shard(shard, plan.shards());
    try (GraphDataset data = GraphDataset.open(Path.of(plan.dataset()));
        GraphInference inference = plan.inference(data, model.file(), own)) {
      inference.pass(Path.of(plan.out()), pass, InferenceListener.NONE);
    }
  }

  private static void write(ScoringPlan plan, SharedModel model) {
    try (GraphDataset data = GraphDataset.open(Path.of(plan.dataset()));
        GraphInference inference = plan.inference(data, model.file(), Shard.WHOLE)) {
      inference.merge(Path.of(plan.out()), plan.output(), InferenceListener.NONE);
    }
  }
}
