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
 * RankTask}, whose {@code RankWork} is a training, or a part of a sweep's.
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
    Broadcast<NodeRoles> shared = spark.broadcast(roles);
    try {
      return run(spark, plan, new RankTraining(plan, shared), Trained.class);
    } finally {
      shared.destroy();
    }
  }

  /**
   * Runs the work of the ranks, as many as the plan says.
   *
   * @return what rank 0 has returned
   * @throws BadInputException if the cluster has too few slots, or allocates them dynamically
   */
  static <T> T run(JavaSparkContext spark, TrainingPlan plan, RankWork<T> work, Class<T> type) {
    Optional<ResourceProfile> profile = RankResources.profile(spark.sc(), plan);
    requireSlots(spark.sc(), plan.numWorkers(), profile);
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
    List<Integer> ranks = IntStream.range(0, plan.numWorkers()).boxed().toList();
    RDD<T> ranked =
        spark
            .parallelize(ranks, plan.numWorkers())
            .rdd()
            .barrier()
            .mapPartitions(new Tasks<>(new RankTask<>(work, secret)), false, tag);
    RDD<T> placed = profile.map(ranked::withResources).orElse(ranked);
    try {
      return JavaRDD.fromRDD(placed, tag).repartition(1).collect().getFirst();
    } catch (Exception e) { // Spark throws checked ones without saying so
      throw SparkFailures.cause(e);
    }
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
  private static final class Tasks<T> extends AbstractFunction1<Iterator<Integer>, Iterator<T>>
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final RankTask<T> task;

    Tasks(RankTask<T> task) {
      this.task = task;
    }

    @Override
    public Iterator<T> apply(Iterator<Integer> rank) {
      return CollectionConverters.asScala(task.run().iterator());
    }
  }
}
