package io.millrace.training.parallel;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.RanksPausedException;
import io.millrace.ranks.params.Staleness;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;
import io.millrace.transfer.PipelineException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The ranks that share a training, and what this one computes of it: a range of the virtual nodes
 * of every step.
 *
 * <p>{@link #ALONE} is a training of one process, for which all methods do nothing or give back
 * what they were given. The collective stays the caller's. One thread, except for {@link #fail}.
 */
@Internal
public final class Ranks {
  /** A training without other ranks. */
  public static final Ranks ALONE =
      new Ranks(
          Optional.empty(),
          new int[] {Integer.MAX_VALUE},
          RankSum.ORDERED,
          Staleness.NONE,
          Optional.empty());

  private static final Gson GSON = new Gson();
  private static final Duration TO_REPORT = Duration.ofSeconds(10);

  private final Optional<Collective> collective;
  private final int[] counts;
  private final RankSum sum;
  private final Staleness staleness;
  private final Optional<Supplier<Optional<String>>> pauseWhen;
  private final int rank;
  private final int begin;
  private final int end;

  private Ranks(
      Optional<Collective> collective,
      int[] division,
      RankSum sum,
      Staleness staleness,
      Optional<Supplier<Optional<String>>> pauseWhen) {
    this.collective = collective;
    this.sum = sum;
    counts = division;
    this.staleness = staleness;
    this.pauseWhen = pauseWhen;
    rank = collective.map(Collective::rank).orElse(0);
    begin = Arrays.stream(division, 0, rank).sum();
    end = begin + division[rank];
  }

  /**
   * Divides the virtual nodes as evenly as possible, the first ranks having one more.
   *
   * @param sum how gradients are added up
   * @throws BadInputException if there are fewer virtual nodes than ranks
   */
  public static Ranks of(Collective collective, int virtualNodes, RankSum sum) {
    int size = collective.size();
    if (virtualNodes < size) {
      throw BadInputException.of(
          "each rank needs a virtual node", "virtualNodes", virtualNodes, "ranks", size);
    }
    int[] division =
        IntStream.range(0, size)
            .map(r -> virtualNodes / size + (r < virtualNodes % size ? 1 : 0))
            .toArray();
    return new Ranks(Optional.of(collective), division, sum, Staleness.NONE, Optional.empty());
  }

  /**
   * Divides the virtual nodes as given.
   *
   * @param sum how gradients are added up
   * @param division virtual nodes of each rank; 0 for one that only follows
   * @throws BadInputException unless there is a number for each rank, none negative, and they add
   *     up
   */
  public static Ranks of(
      Collective collective, int virtualNodes, RankSum sum, List<Integer> division) {
    boolean adds = division.stream().mapToLong(Integer::longValue).sum() == virtualNodes;
    if (division.size() != collective.size() || !adds || division.stream().anyMatch(it -> it < 0)) {
      throw BadInputException.of(
          "the virtual nodes of the ranks must add up to those of the training",
          "virtualNodesOfRanks",
          division,
          "virtualNodes",
          virtualNodes,
          "ranks",
          collective.size());
    }
    return new Ranks(
        Optional.of(collective),
        division.stream().mapToInt(Integer::intValue).toArray(),
        sum,
        Staleness.NONE,
        Optional.empty());
  }

  /**
   * The same ranks, which may lag.
   *
   * @throws BadInputException if there is no collective, or gradients are not added up in order
   */
  public Ranks with(Staleness value) {
    if (isAlone() && value.isStale()) {
      throw BadInputException.of("staleness needs ranks", "staleness", value);
    }
    if (sum != RankSum.ORDERED && value.isStale()) {
      throw BadInputException.of(
          "staleness needs the ordered sum", "rankSum", sum, "staleness", value);
    }
    return new Ranks(collective, counts, sum, value, pauseWhen);
  }

  /**
   * The same ranks, which may pause between two steps.
   *
   * @param request asked on rank 0 in each step; none for a training that does not pause
   * @throws BadInputException if there is no collective, or the ranks may lag
   */
  public Ranks pausedBy(Optional<Supplier<Optional<String>>> request) {
    if (request.isPresent() && (isAlone() || staleness.isStale())) {
      throw BadInputException.of(
          "a training that pauses needs ranks that wait for each other in every step",
          "ranks",
          size(),
          "staleness",
          staleness);
    }
    return new Ranks(collective, counts, sum, staleness, request);
  }

  /** By how much they may lag. */
  public Staleness staleness() {
    return staleness;
  }

  /** Whether there is no collective. */
  public boolean isAlone() {
    return collective.isEmpty();
  }

  /** Whether this rank is the one that reads, writes and prints. */
  public boolean isFirst() {
    return rank == 0;
  }

  /** The collective; there must be one. */
  Collective collective() {
    return collective.orElseThrow();
  }

  int rank() {
    return rank;
  }

  /** The virtual nodes of each rank, which all ranks must agree on. */
  public String division() {
    return Arrays.toString(counts);
  }

  /** How gradients are added up, which all ranks must agree on. */
  public RankSum sum() {
    return sum;
  }

  /** Whether the training may pause, which all ranks must agree on. */
  public boolean mayPause() {
    return pauseWhen.isPresent();
  }

  private int size() {
    return collective.map(Collective::size).orElse(1);
  }

  // ---- what this rank computes ----

  /** How many batches of a step are this rank's. */
  public int numOwn(EpochPlan.Epoch epoch, int step) {
    int all = epoch.numBatches(step);
    return Math.min(end, all) - Math.min(begin, all);
  }

  /** How many batches of the steps before a step are this rank's. */
  public int numOwnBefore(EpochPlan.Epoch epoch, int step) {
    return IntStream.range(0, step).map(it -> numOwn(epoch, it)).sum();
  }

  /**
   * The batches of an epoch of training that are this rank's.
   *
   * @param batches of the whole epoch
   */
  public BatchPlan own(EpochPlan.Epoch epoch, BatchPlan batches) {
    if (isAlone()) {
      return batches;
    }
    int[] numbers =
        IntStream.range(0, epoch.numSteps()).flatMap(step -> ownOf(epoch, step)).toArray();
    return new PartOfPlan(batches, numbers);
  }

  private IntStream ownOf(EpochPlan.Epoch epoch, int step) {
    int all = epoch.numBatches(step);
    int first = epoch.firstBatch(step);
    return IntStream.range(first + Math.min(begin, all), first + Math.min(end, all));
  }

  /** Every so manieth batch of an evaluation, beginning with the rank's number. */
  public BatchPlan inTurn(BatchPlan batches) {
    if (isAlone()) {
      return batches;
    }
    int[] numbers =
        IntStream.range(0, numRounds(batches))
            .map(round -> round * size() + rank)
            .filter(number -> number < batches.numBatches())
            .toArray();
    return new PartOfPlan(batches, numbers);
  }

  /** In each round every rank computes a batch, except that in the last some may have none. */
  public int numRounds(BatchPlan batches) {
    return Math.ceilDiv(batches.numBatches(), size());
  }

  // ---- what the ranks do together ----

  /**
   * Tells the other ranks that this one cannot go on; to be called for whatever a method that all
   * ranks call together throws.
   */
  public void fail(Throwable cause) {
    if (!(cause instanceof RanksPausedException)) { // which is no failure
      collective.ifPresent(it -> it.fail(cause));
    }
  }

  /**
   * What to throw if rank 0 wants to pause now, after a checkpoint; all ranks call it together
   * between two steps.
   */
  public Optional<RanksPausedException> pause() {
    if (pauseWhen.isEmpty()) {
      return Optional.empty();
    }
    byte[] wish =
        isFirst() ? pauseWhen.get().get().orElse("").getBytes(StandardCharsets.UTF_8) : new byte[0];
    String text = new String(collective().broadcast(wish, 0), StandardCharsets.UTF_8);
    return text.isEmpty() ? Optional.empty() : Optional.of(new RanksPausedException(text));
  }

  /**
   * Tells the other ranks that this one cannot go on because of its batches.
   *
   * @return what to throw: if rows of another rank are missing, that this rank has failed
   */
  public RuntimeException failed(PipelineException e) {
    RuntimeException cause = e.getCause() instanceof RankFailedException other ? other : e;
    fail(cause);
    return cause;
  }

  /** What each rank gives, in their order. */
  public List<float[]> gather(float[] own) {
    return isAlone()
        ? List.of(own)
        : collective().allGather(bytes(own)).stream().map(Ranks::floats).toList();
  }

  /** What rank 0 has. */
  public float[] ofFirst(Supplier<float[]> first) {
    if (isAlone()) {
      return first.get();
    }
    return floats(collective().broadcast(isFirst() ? bytes(first.get()) : new byte[0], 0));
  }

  /**
   * Checks that all ranks have the same values.
   *
   * @throws BadInputException naming the first value that differs, and the first rank that has
   *     another than rank 0; on all ranks
   */
  public void requireSame(Map<String, String> values) {
    if (isAlone()) {
      return;
    }
    byte[] own = GSON.toJson(values).getBytes(StandardCharsets.UTF_8);
    List<Map<String, String>> all =
        collective().allGather(own).stream().map(Ranks::values).toList();
    Set<String> names = new LinkedHashSet<>();
    all.forEach(it -> names.addAll(it.keySet()));
    for (String name : names) {
      String first = all.getFirst().getOrDefault(name, "none");
      for (int r = 1; r < all.size(); r++) {
        String other = all.get(r).getOrDefault(name, "none");
        if (!first.equals(other)) {
          awaitAll();
          throw BadInputException.of(
              "all ranks need the same " + name, "rank 0", first, "rank " + r, other);
        }
      }
    }
  }

  /** All have what they need to report by themselves, so no rank ends before the others have it. */
  private void awaitAll() {
    try {
      collective().barrier(TO_REPORT);
    } catch (RankFailedException e) {
      // another rank has gone on to report it
    }
  }

  private static Map<String, String> values(byte[] json) {
    return GSON.fromJson(new String(json, StandardCharsets.UTF_8), new TypeToken<>() {});
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
