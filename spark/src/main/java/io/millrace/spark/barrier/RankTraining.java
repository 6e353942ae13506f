package io.millrace.spark.barrier;

import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.ring.RingCollective;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;

/**
 * A rank's part of a whole training.
 *
 * @param roles labels and splits in the place of the dataset's
 */
record RankTraining(TrainingPlan plan, Broadcast<NodeRoles> roles) implements RankWork<Trained> {
  @Serial private static final long serialVersionUID = 1;
  private static final System.Logger LOGGER = System.getLogger(RankTraining.class.getName());

  @Override
  public Optional<Trained> run(RingCollective ring) {
    try (GraphDataset data = GraphDataset.open(Path.of(plan.dataset()));
        GraphTrainer trainer =
            plan.builder(roles.value().applyTo(data), RankTask.device(plan.useGpu()))
                .collective(ring)
                .build()) {
      LOGGER.log(
          System.Logger.Level.INFO,
          "rank {0} begins at epoch {1}, device: {2}",
          Integer.toString(ring.rank()),
          Integer.toString(trainer.position().epoch()),
          trainer.device().description());
      FitResult result = trainer.fit(plan.epochs(), RankTask.stopWhenKilled());
      return ring.rank() == 0 ? Optional.of(trained(trainer, result)) : Optional.empty();
    } catch (RankFailedException e) {
      throw e; // names the rank that failed first
    } catch (Throwable t) {
      ring.fail(t);
      throw t;
    }
  }

  private static Trained trained(GraphTrainer trainer, FitResult result) {
    return new Trained(
        trainer.model().toBytes(),
        result.epochs().size(),
        result.validMetric(),
        result.tested().isPresent() ? result.testMetric() : Double.NaN,
        result.seconds());
  }
}
