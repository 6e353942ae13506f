package io.millrace.training.torch;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.CLibrary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the memory of freed tensors goes: the C library keeps it for the next ones, unless the user
 * wants it back in the system at once.
 *
 * <p>By default glibc gets each tensor of 32 MiB or more from the system and returns it when it is
 * freed, so every step pays a page fault for each 4 KiB of each tensor: a third of the CPU time of
 * an epoch. {@code mallopt} raises both thresholds before libtorch is loaded. Memory that was used
 * once stays with the process then, as much as a step has needed at its peak.
 *
 * <p>Threads other than the process's first allocate from pieces of 64 MiB, and glibc unmaps a
 * piece that has become free, whatever the thresholds are, unless the padding ({@code M_TOP_PAD})
 * is as large as a piece. So the padding is raised, too; it is address space, and no memory. A
 * tensor that is larger than a piece is still mapped alone there: the command sets {@code
 * glibc.malloc.arena_max=1}, so that no thread has such pieces.
 *
 * <p>Stateless. The next class to read is {@link TorchEngine}.
 */
final class FreedMemory {
  /** Keep it or give it back: {@code keep}, {@code off}. */
  static final String PROPERTY = "millrace.freedMemory";

  private static final String TUNABLES = "GLIBC_TUNABLES";
  private static final List<String> THRESHOLDS =
      List.of("glibc.malloc.mmap_threshold", "glibc.malloc.trim_threshold", "glibc.malloc.top_pad");
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_THRESHOLD = -3;
  private static final int M_TOP_PAD = -2;
  private static final int THRESHOLD_BYTES = 1 << 30;

  /** The size of the pieces on 64-bit machines (glibc: {@code HEAP_MAX_SIZE}). */
  private static final int PIECE_BYTES = 64 << 20;

  private FreedMemory() {}

  /**
   * Sets the thresholds, unless the user has chosen.
   *
   * @return where the memory goes, and what chose it, in words
   * @throws BadInputException if the property has another value
   * @throws IllegalCallerException if Java forbids native access
   */
  static String apply() {
    return apply(System.getenv(), System.getProperty(PROPERTY));
  }

  private static String apply(Map<String, String> environment, String property) {
    Optional<String> chosen = chosen(environment, property);
    if (chosen.isPresent()) {
      return "as the C library decides: " + chosen.get();
    }
    boolean set =
        set(M_MMAP_THRESHOLD, THRESHOLD_BYTES)
            && set(M_TRIM_THRESHOLD, THRESHOLD_BYTES)
            && set(M_TOP_PAD, PIECE_BYTES);
    return set
        ? "kept for the next tensors: Millrace's default"
        : "as the C library decides: it is not glibc, or one that refuses such thresholds";
  }

  /** What the user has chosen; empty if Millrace chooses. */
  static Optional<String> chosen(Map<String, String> environment, String property) {
    String policy = property == null ? "keep" : property.toLowerCase(Locale.ROOT);
    if (policy.equals("off")) {
      return Optional.of(PROPERTY + "=" + property);
    }
    if (!policy.equals("keep")) {
      throw BadInputException.of("freed memory is keep or off", PROPERTY, property);
    }
    return environment.entrySet().stream()
        .filter(it -> isChoice(it.getKey(), it.getValue()))
        .map(it -> it.getKey() + "=" + it.getValue())
        .sorted()
        .findFirst();
  }

  private static boolean isChoice(String variable, String value) {
    return variable.equals("MALLOC_MMAP_THRESHOLD_")
        || variable.equals("MALLOC_TRIM_THRESHOLD_")
        || variable.equals("MALLOC_TOP_PAD_")
        || variable.equals(TUNABLES) && THRESHOLDS.stream().anyMatch(value::contains);
  }

  private static boolean set(int parameter, int bytes) {
    OptionalInt done =
        CLibrary.LINUX ? CLibrary.call("mallopt", parameter, bytes) : OptionalInt.empty();
    return done.orElse(0) == 1;
  }
}
