package io.millrace.training.torch;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.CLibrary;
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
 * <p>Stateless. The next class to read is {@link TorchEngine}.
 */
final class FreedMemory {
  /** Keep it or give it back: {@code keep}, {@code off}. */
  static final String PROPERTY = "millrace.freedMemory";

  private static final String TUNABLES = "GLIBC_TUNABLES";
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_THRESHOLD = -3;
  private static final int THRESHOLD_BYTES = 1 << 30;

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
    boolean set = set(M_MMAP_THRESHOLD) && set(M_TRIM_THRESHOLD);
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
        || variable.equals(TUNABLES) && value.contains("glibc.malloc.");
  }

  private static boolean set(int parameter) {
    OptionalInt done =
        CLibrary.LINUX ? CLibrary.call("mallopt", parameter, THRESHOLD_BYTES) : OptionalInt.empty();
    return done.orElse(0) == 1;
  }
}
