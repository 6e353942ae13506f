package io.millrace.transfer.trace;

import io.millrace.BadInputException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes stages slower on purpose: to check what finds a bottleneck or hides one, on a machine where
 * there is none. The system property {@code millrace.inject} has a list such as
 *
 * <pre>{@code
 * sample:busy:5ms,slice:idle:2ms~20%,slice:rate:50m,evaluate:idle:1ms
 * }</pre>
 *
 * <p>{@code busy} uses the CPU, {@code idle} sleeps, once for each batch that the stage completes;
 * {@code ~20%} draws each time from a lognormal distribution of that coefficient of variation, by a
 * fixed seed. {@code rate} lets so many bytes per second through, all threads together (a token
 * bucket), as a disk would: a small file is in the page cache, where every disk looks infinitely
 * fast. Batches do not change.
 */
final class InjectedCosts {
  /** The name of the system property. */
  static final String PROPERTY = "millrace.inject";

  private static final Pattern COST =
      Pattern.compile("([a-z]+):(busy|idle):([0-9.]+)(us|ms|s)(?:~([0-9.]+)%)?");
  private static final Pattern RATE = Pattern.compile("([a-z]+):rate:([0-9.]+)([kmg]?)");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Time that is spent for each batch.
   *
   * @param variation coefficient of variation, 0 = constant
   */
  private record Cost(boolean busy, double nanos, double variation) {
    long draw(SplittableRandom random) {
      if (variation == 0) {
        return (long) nanos;
      }
      double sigma = Math.sqrt(Math.log1p(variation * variation));
      return (long) (nanos * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2));
    }
  }

  private final Map<Stage, Cost> costs = new EnumMap<>(Stage.class);
  private final Map<Stage, TokenBucket> buckets = new EnumMap<>(Stage.class);
  private final SplittableRandom random = new SplittableRandom(1);

  private InjectedCosts() {}

  /**
   * @param text as in the class comment; empty = none
   * @throws BadInputException if it is not such a list
   */
  static InjectedCosts parse(String text) {
    InjectedCosts injected = new InjectedCosts();
    for (String part : text.isBlank() ? new String[0] : text.strip().split(",")) {
      Matcher cost = COST.matcher(part);
      Matcher rate = RATE.matcher(part);
      if (cost.matches()) {
        double unit = Map.of("us", 1e3, "ms", 1e6, "s", 1e9).get(cost.group(4));
        double nanos = Double.parseDouble(cost.group(3)) * unit;
        double variation = cost.group(5) == null ? 0 : Double.parseDouble(cost.group(5)) / 100;
        Cost value = new Cost(cost.group(2).equals("busy"), nanos, variation);
        injected.costs.put(stage(cost.group(1)), value);
      } else if (rate.matches()) {
        double unit = Map.of("", 1.0, "k", 1e3, "m", 1e6, "g", 1e9).get(rate.group(3));
        double bytes = Double.parseDouble(rate.group(2)) * unit;
        injected.buckets.put(stage(rate.group(1)), new TokenBucket(bytes));
      } else {
        throw BadInputException.of("not an injected cost", PROPERTY, part);
      }
    }
    return injected;
  }

  static InjectedCosts ofProperty() {
    return parse(System.getProperty(PROPERTY, ""));
  }

  private static Stage stage(String name) {
    try {
      return Stage.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("no such stage: " + PROPERTY + "=" + name, e);
    }
  }

  /** Called by the thread that is in the stage, when the stage has completed a batch. */
  void spend(Stage stage, long bytes) {
    Cost cost = costs.get(stage);
    if (cost != null) {
      long nanos;
      synchronized (random) {
        nanos = cost.draw(random);
      }
      if (cost.busy()) {
        burn(nanos);
      } else {
        sleepUntil(System.nanoTime() + nanos);
      }
    }
    TokenBucket bucket = buckets.get(stage);
    if (bucket != null) {
      sleepUntil(bucket.take(bytes));
    }
  }

  private static void burn(long nanos) {
    for (long begin = THREADS.getCurrentThreadCpuTime();
        THREADS.getCurrentThreadCpuTime() - begin < nanos; ) {
      Thread.onSpinWait();
    }
  }

  private static void sleepUntil(long end) {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Lets bytes through at a rate; a burst has to wait for its turn. */
  private static final class TokenBucket {
    private final double nanosPerByte;
    private long freeAt = System.nanoTime();

    TokenBucket(double bytesPerSecond) {
      nanosPerByte = 1e9 / bytesPerSecond;
    }

    /** When the bytes are through, on the clock of {@link System#nanoTime}. */
    synchronized long take(long bytes) {
      freeAt = Math.max(freeAt, System.nanoTime()) + (long) (bytes * nanosPerByte);
      return freeAt;
    }
  }
}
