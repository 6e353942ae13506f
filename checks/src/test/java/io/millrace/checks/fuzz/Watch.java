package io.millrace.checks.fuzz;

import com.sun.management.ThreadMXBean;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads mutants and watches over what must hold: each is read, or refused in one line that names a
 * place in its folder; within a time and an amount of memory; and nothing stays behind.
 *
 * <p>Used by one thread, which closes it.
 */
final class Watch implements AutoCloseable {
  /** Bytes allocated on the heap in all, not at a time. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_SECONDS = 60;
  private static final int MAX_MESSAGE = 4100;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<String> PLACES =
      List.of("line", "element", "row", "position", "key", "name");

  private final Path root;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  Watch(Path root) {
    this.root = root;
  }

  /**
   * @return why it was refused; empty if it was read
   */
  Optional<String> read(Mutant mutant) throws Exception {
    Path folder = root.resolve("in");
    Path out = root.resolve("out");
    mutant.folder().writeTo(Files.createDirectory(folder));
    long before = THREADS.getTotalThreadAllocatedBytes();
    Optional<String> refusal = refusal(mutant, folder, out);
    long bytes = THREADS.getTotalThreadAllocatedBytes() - before;
    require(bytes <= MAX_BYTES, "took " + bytes + " bytes of memory: " + refusal);
    refusal.ifPresent(message -> requireClear(message, folder));
    requireClean(refusal.isPresent());
    FileTree.delete(folder);
    if (Files.exists(out)) {
      FileTree.delete(out);
    }
    return refusal;
  }

  private Optional<String> refusal(Mutant mutant, Path folder, Path out) throws Exception {
    var reading =
        reader.submit(
            () -> {
              mutant.subject().reader().read(folder, out);
              return null;
            });
    try {
      reading.get(MAX_SECONDS, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BadInputException refused) {
        return Optional.of(refused.getMessage());
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("still busy after seconds: " + MAX_SECONDS, e);
    }
  }

  private static void requireClear(String message, Path folder) {
    boolean oneLine =
        message.length() <= MAX_MESSAGE
            && message.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028);
    require(oneLine, "not one line of text: " + message);
    boolean noRoom = message.startsWith("not enough disk space"); // names where it is lacking
    require(noRoom || message.contains(folder.toString()), "names no file: " + message);
    boolean placed = PLACES.stream().anyMatch(place -> message.contains(" " + place + "="));
    require(placed || !message.contains(", value="), "a value, and not where: " + message);
  }

  private void requireClean(boolean refused) throws IOException {
    try (Stream<Path> paths = Files.list(root)) {
      Set<String> names =
          paths.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
      names.remove("in");
      require(names.isEmpty() || !refused && names.equals(Set.of("out")), "left behind: " + names);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
