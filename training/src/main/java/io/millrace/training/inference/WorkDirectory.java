package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.ProcessLock;
import io.millrace.training.inference.chunks.PassFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The folder where an inference keeps what it has computed until everything is done, for one
 * process or for several.
 *
 * <pre>
 *   WORK/settings          what the rows depend on; another inference is refused
 *   WORK/run.lock          exclusive for a process that computes all, shared by those with shards
 *   WORK/share-0-of-2.lock held by the process that computes the shard
 *   WORK/layer-0/...       see {@link PassFiles}
 * </pre>
 *
 * <p>Used by one thread, which closes it. Closing releases the locks, as does the end of the
 * process.
 */
final class WorkDirectory implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path folder;
  private final ProcessLock run;
  private Optional<ProcessLock> own = Optional.empty();

  private WorkDirectory(Path folder, ProcessLock run) {
    this.folder = folder;
    this.run = run;
  }

  /**
   * @param settings everything that the rows depend on
   * @throws BadInputException if the folder belongs to an inference with other settings, or if a
   *     process works there without sharing
   */
  static WorkDirectory open(Path folder, Map<String, String> settings, Shard shard) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new BadInputException("cannot write: folder=" + folder + ", cause=" + e, e);
    }
    Optional<ProcessLock> run = ProcessLock.tryTake(folder.resolve("run.lock"), !shard.isWhole());
    WorkDirectory work =
        new WorkDirectory(
            folder,
            run.orElseThrow(
                () -> BadInputException.of("another process is at work there", "folder", folder)));
    try {
      work.exclusively(() -> requireSettings(folder.resolve("settings"), settings));
      return work;
    } catch (Throwable t) {
      work.close();
      throw t;
    }
  }

  private static void requireSettings(Path file, Map<String, String> settings) {
    String text =
        settings.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    Optional<String> found = AtomicFile.read(file);
    if (found.isEmpty()) {
      AtomicFile.write(file, text, file.getParent());
    } else if (!found.get().equals(text)) {
      refuse(file, found.get().split("\n"), text.split("\n"));
    }
  }

  private static void refuse(Path file, String[] found, String[] given) {
    int i = 0;
    while (i < Math.min(found.length, given.length) && found[i].equals(given[i])) {
      i++;
    }
    throw BadInputException.of(
        "another inference was started there; delete the folder to start again",
        "file",
        file,
        "begunWith",
        i < found.length ? found[i] : "nothing",
        "now",
        i < given.length ? given[i] : "nothing");
  }

  /** Waits for the shard if another process has it. */
  void take(Shard shard, InferenceListener listener) {
    own = tryTake(shard);
    if (own.isEmpty()) {
      listener.note("waiting: another process computes shard " + shard);
    }
    while (own.isEmpty()) {
      ProcessLock.pause(POLL);
      own = tryTake(shard);
    }
  }

  /** The lock of another shard; empty if a process holds it. */
  Optional<ProcessLock> tryTake(Shard shard) {
    String name = "share-%s-of-%s.lock".formatted(shard.index(), shard.count());
    return ProcessLock.tryTake(folder.resolve(name), false);
  }

  /** Makes a pass's files if they are missing. */
  void create(PassFiles files) {
    exclusively(files::create);
  }

  private void exclusively(Runnable work) {
    Path file = folder.resolve("setup.lock");
    Optional<ProcessLock> lock = ProcessLock.tryTake(file, false);
    while (lock.isEmpty()) {
      ProcessLock.pause(POLL);
      lock = ProcessLock.tryTake(file, false);
    }
    try (ProcessLock _ = lock.get()) {
      work.run();
    }
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  /** Deletes the folder and releases the locks last, so that no process starts there meanwhile. */
  void delete() {
    PassFiles.delete(folder);
    close();
  }

  @Override
  public void close() {
    own.ifPresent(ProcessLock::close);
    own = Optional.empty();
    run.close();
  }
}
