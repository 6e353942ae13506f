package io.millrace.training.torch;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;

/**
 * How libtorch's idle threads wait: they sleep, unless the user wants them to spin.
 *
 * <p>The threads of OpenMP spin by default while they wait for work. Here the cores are shared with
 * the workers that prepare batches, and a thread that spins while another of its team has no core
 * delays them all: on a busy machine with two cores an epoch took five times as long. OpenMP reads
 * {@code OMP_WAIT_POLICY} from the process's environment when it is loaded, and not from Java's
 * copy, so the variable is set by the C library's {@code setenv} before libtorch is loaded. The C
 * library does not order {@code setenv} with reads by other native threads; it is called once, and
 * the JVM itself reads the environment only while it starts.
 *
 * <p>Stateless. The next class to read is {@link TorchEngine}.
 */
final class WaitPolicy {
  /**
   * Sleep, spin, or leave the environment as it is: {@code passive}, {@code active}, {@code off}.
   */
  static final String PROPERTY = "millrace.waitPolicy";

  static final String VARIABLE = "OMP_WAIT_POLICY";
  private static final String PASSIVE = "PASSIVE";
  private static final String ACTIVE = "ACTIVE";

  private WaitPolicy() {}

  /**
   * Sets the variable, unless the user has set it.
   *
   * @return how the threads wait, and what chose it, in words
   * @throws BadInputException if the property has another value
   * @throws IllegalCallerException if Java forbids native access
   */
  static String apply() {
    return apply(System.getenv(VARIABLE), System.getProperty(PROPERTY));
  }

  private static String apply(String variable, String property) {
    Optional<String> wanted = wanted(variable, property);
    if (wanted.isPresent() && !set(wanted.get())) {
      return "they spin: the environment cannot be changed here, set " + VARIABLE + "=PASSIVE";
    }
    boolean sleep = PASSIVE.equalsIgnoreCase(wanted.orElse(variable));
    String chosen = "Millrace's default";
    if (variable != null) {
      chosen = VARIABLE + "=" + variable;
    } else if (property != null) {
      chosen = PROPERTY + "=" + property;
    }
    return (sleep ? "they sleep: " : "they spin: ") + chosen;
  }

  /** The value to set, empty if the variable is left as it is. */
  static Optional<String> wanted(String variable, String property) {
    String policy = property == null ? PASSIVE : property.toUpperCase(Locale.ROOT);
    return switch (policy) {
      case PASSIVE, ACTIVE -> variable == null ? Optional.of(policy) : Optional.empty();
      case "OFF" -> Optional.empty();
      default ->
          throw BadInputException.of(
              "the wait policy is passive, active or off", PROPERTY, property);
    };
  }

  /** Sets the variable; returns false where the C library has no {@code setenv}, as on Windows. */
  private static boolean set(String value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(VARIABLE);
      return CLibrary.call("setenv", name, arena.allocateFrom(value), 0).orElse(-1) == 0;
    }
  }
}
