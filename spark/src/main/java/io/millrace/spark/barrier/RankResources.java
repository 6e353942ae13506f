package io.millrace.spark.barrier;

import io.millrace.BadInputException;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * What a rank asks of Spark's scheduler in place of an ordinary task, and which GPU it got.
 *
 * <p>The profile holds for the training stage alone, as in XGBoost4J-Spark: where each executor has
 * one GPU, a rank takes it and all cores, so that no second rank comes to the same GPU. On CPUs a
 * rank with more compute threads than {@code spark.task.cpus} takes as many cores as it has
 * threads. Spark has profiles of a stage on clusters only, and needs to know {@code
 * spark.executor.cores}; without them a rank is a task as all others.
 */
final class RankResources {
  private static final String GPU = "gpu";

  private RankResources() {}

  /** The profile of the training stage; empty = that of all stages. Spark knows it afterwards. */
  static Optional<ResourceProfile> profile(SparkContext spark, TrainingPlan plan) {
    if (spark.isLocal()) {
      return Optional.empty();
    }
    Optional<ResourceProfile> profile =
        requests(spark.getConf(), plan).map(it -> new ResourceProfileBuilder().require(it).build());
    profile.ifPresent(spark.resourceProfileManager()::addResourceProfile);
    return profile;
  }

  /** What a rank asks for; empty = what all tasks ask for. */
  static Optional<TaskResourceRequests> requests(SparkConf conf, TrainingPlan plan) {
    int executorCores = conf.getInt("spark.executor.cores", 0);
    if (plan.useGpu()) {
      boolean oneGpu = conf.getDouble("spark.executor.resource.gpu.amount", 0) == 1;
      boolean taskHasIt = conf.getDouble("spark.task.resource.gpu.amount", 0) == 1;
      return oneGpu && !taskHasIt && executorCores > 0
          ? Optional.of(new TaskResourceRequests().cpus(executorCores).resource(GPU, 1))
          : Optional.empty();
    }
    return plan.computeThreads() > taskCpus(conf) && plan.computeThreads() <= executorCores
        ? Optional.of(new TaskResourceRequests().cpus(plan.computeThreads()))
        : Optional.empty();
  }

  /** Cores that a rank takes. */
  static int cores(SparkContext spark, Optional<ResourceProfile> profile) {
    return profile
        .map(it -> (int) it.taskResources().apply(ResourceProfile.CPUS()).amount())
        .orElseGet(() -> taskCpus(spark.getConf()));
  }

  private static int taskCpus(SparkConf conf) {
    return conf.getInt("spark.task.cpus", 1);
  }

  /**
   * The number of the GPU that Spark assigned to a task, the first if there are several; 0 if it
   * assigned none.
   *
   * @throws BadInputException if the address is no number
   */
  static int gpu(TaskContext task) {
    ResourceInformation assigned = task.resourcesJMap().get(GPU);
    return assigned == null || assigned.addresses().length == 0
        ? 0
        : number(assigned.addresses()[0]);
  }

  static int number(String address) {
    try {
      return Integer.parseUnsignedInt(address);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "the discovery script must give each GPU's number: address=" + address, e);
    }
  }
}
