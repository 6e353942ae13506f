package io.millrace.spark.barrier;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.spark.tables.SparkFailures;
import java.io.Serial;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Runs a training as a barrier stage: all its tasks start together, and when one fails all are
 * started again and resume from the checkpoint, if there is one. The next class to read is {@code
 * RankTask}.
 */
@Internal
public final class TrainingStage {
  private static final int SECRET_BYTES = 32;

  private TrainingStage() {}

  /**
   * @param roles labels and splits in the place of the dataset's
   * @throws BadInputException if the cluster has too few slots, or allocates them dynamically
   */
  public static Trained run(JavaSparkContext spark, TrainingPlan plan, NodeRoles roles) {
    TrainingPlan.kind(plan.model());
    Optional<ResourceProfile> profile = RankResources.profile(spark.sc(), plan);
    requireSlots(spark.sc(), plan.numWorkers(), profile);
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    Broadcast<NodeRoles> shared = spark.broadcast(roles);
    List<Integer> ranks = IntStream.range(0, plan.numWorkers()).boxed().toList();
    RDD<Trained> ranked =
        spark
            .parallelize(ranks, plan.numWorkers())
            .rdd()
            .barrier()
            .mapPartitions(new Tasks(new RankTask(plan, shared, secret)), false, tag());
    RDD<Trained> trained = profile.map(ranked::withResources).orElse(ranked);
    try {
      return JavaRDD.fromRDD(trained, tag()).repartition(1).collect().getFirst();
    } catch (Exception e) { // Spark throws checked ones without saying so
      throw SparkFailures.cause(e);
    } finally {
      shared.destroy();
    }
  }

  private static ClassTag<Trained> tag() {
    return ClassTag$.MODULE$.apply(Trained.class);
  }

  /** A stage with more tasks than slots would wait for ever, or be refused after minutes. */
  private static void requireSlots(
      SparkContext spark, int numWorkers, Optional<ResourceProfile> profile) {
    if (spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw BadInputException.of(
          "the ranks of a training start together, which dynamic allocation does not allow",
          "spark.dynamicAllocation.enabled",
          true);
    }
    int slots = slots(spark, profile);
    long waitSeconds =
        spark
            .getConf()
            .getTimeAsSeconds("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
    long until = System.nanoTime() + (spark.isLocal() ? 0 : waitSeconds * 1_000_000_000L);
    while (slots < numWorkers && System.nanoTime() < until) { // executors are still starting
      pause();
      slots = slots(spark, profile);
    }
    if (numWorkers < 1 || numWorkers > slots) {
      throw BadInputException.of(
          "each worker needs a slot of the cluster",
          "numWorkers",
          numWorkers,
          "slots",
          slots,
          "cores of a slot",
          RankResources.cores(spark, profile));
    }
  }

  private static int slots(SparkContext spark, Optional<ResourceProfile> profile) {
    return spark.maxNumConcurrentTasks(
        profile.orElseGet(() -> spark.resourceProfileManager().defaultResourceProfile()));
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for executors");
    }
  }

  /** What Spark calls in each task. */
  private static final class Tasks extends AbstractFunction1<Iterator<Integer>, Iterator<Trained>>
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final RankTask task;

    Tasks(RankTask task) {
      this.task = task;
    }

    @Override
    public Iterator<Trained> apply(Iterator<Integer> rank) {
      return CollectionConverters.asScala(task.run().iterator());
    }
  }
}
