package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file that is there whole or not at all: as {@code .NAME.partial-PID-NUMBER} next to its
 * target, then renamed over it. A failure leaves the old file as it was.
 *
 * <p>After {@code kill -9} or a power cut the partial file stays. The next write to the same target
 * deletes it: it has the id of no running process, and no process holds its lock. Stateless and
 * thread-safe; threads and processes that write the same target at once do not disturb each other,
 * and the last rename wins. {@link PartialDirectory} does the same for a directory.
 */
@Internal
public final class AtomicFile {
  /** Partial files of this process, which must not be opened again: that would end their locks. */
  private static final Set<Path> WRITING = ConcurrentHashMap.newKeySet();

  private static final long PID = ProcessHandle.current().pid();
  private static final Pattern SUFFIX = Pattern.compile("(\\d{1,18})(-\\d+)?");
  private static final AtomicLong NEXT_NUMBER = new AtomicLong();

  private AtomicFile() {}

  /** Writes the content of a file, which is empty at first, and leaves the channel open. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel file) throws IOException;
  }

  /** Sets attributes of the partial file. */
  @FunctionalInterface
  public interface Prepared {
    void accept(Path partial) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param file its folder must exist; a link is replaced, not followed
   * @param forced whether the content is forced to disk before the rename, so that after a power
   *     cut the name never stands for a part of the content
   */
  public static void write(Path file, Content content, boolean forced) throws IOException {
    write(file, content, forced, _ -> {});
  }

  /**
   * Writes or replaces a file.
   *
   * @param prepared gets the partial file while it is empty, to set its permissions
   */
  public static void write(Path file, Content content, boolean forced, Prepared prepared)
      throws IOException {
    Path target = file.toAbsolutePath();
    deleteAbandoned(target);
    write(target, target.getParent(), content, forced, prepared);
  }

  /** Writes or replaces a file that consists of the given bytes. */
  public static void write(Path file, byte[] bytes, boolean forced) throws IOException {
    write(file, content(bytes), forced);
  }

  /** Writes or replaces a text file in UTF-8. */
  public static void write(Path file, String text, boolean forced) throws IOException {
    write(file, bytes(text), forced);
  }

  /**
   * Writes or replaces a text file in UTF-8, forced to disk, where a whole folder is deleted in the
   * end and with it what killed processes have left.
   *
   * @param folder where the partial file is written, of the same file system
   * @throws BadInputException if it cannot be written
   */
  public static void write(Path file, String text, Path folder) {
    try {
      write(file, folder.toAbsolutePath(), content(bytes(text)), true, _ -> {});
    } catch (IOException e) {
      throw new BadInputException("cannot write: file=" + file + ", cause=" + e, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Content content(byte[] bytes) {
    return file -> {
      for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        file.write(rest);
      }
    };
  }

  /** A file as an unbuffered stream whose end does not close the file, for {@link Content}. */
  public static OutputStream stream(FileChannel file) {
    return new KeptOpen(Channels.newOutputStream(file));
  }

  private static void write(
      Path file, Path folder, Content content, boolean forced, Prepared prepared)
      throws IOException {
    Optional<FileChannel> created = Optional.empty();
    while (created.isEmpty()) {
      Path partial = folder.resolve(prefix(file) + PID + "-" + NEXT_NUMBER.getAndIncrement());
      WRITING.add(partial);
      try {
        created = create(partial);
        if (created.isPresent()) {
          finish(created.get(), partial, file, content, forced, prepared);
        }
      } finally {
        WRITING.remove(partial);
      }
    }
  }

  /** Empty if the name is taken: process ids repeat, always so in containers. */
  private static Optional<FileChannel> create(Path partial) throws IOException {
    try {
      return Optional.of(
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException _) {
      return Optional.empty();
    }
  }

  private static void finish(
      FileChannel channel,
      Path partial,
      Path file,
      Content content,
      boolean forced,
      Prepared prepared)
      throws IOException {
    boolean renamed = false;
    try (channel) {
      lock(channel);
      prepared.accept(partial);
      content.writeTo(channel);
      if (forced) {
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      renamed = true;
    } finally {
      if (!renamed) {
        Files.deleteIfExists(partial);
      }
    }
  }

  private static void lock(FileChannel channel) {
    try {
      FileLock _ = channel.tryLock();
    } catch (IOException _) {
      // A file system without locks: nobody else gets one either, so nobody deletes the file.
    }
  }

  /** Deletes what killed processes have left for this target; best effort. */
  private static void deleteAbandoned(Path target) {
    String prefix = prefix(target);
    try (DirectoryStream<Path> partials =
        Files.newDirectoryStream(
            target.getParent(), path -> path.getFileName().toString().startsWith(prefix))) {
      for (Path partial : partials) {
        if (isAbandoned(partial, prefix)) {
          Files.deleteIfExists(partial);
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // What cannot be listed or deleted stays; the write reports what is wrong.
    }
  }

  private static boolean isAbandoned(Path partial, String prefix) {
    Matcher suffix = SUFFIX.matcher(partial.getFileName().toString().substring(prefix.length()));
    if (!suffix.matches()
        || !Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)
        || WRITING.contains(partial)
        || isOtherProcess(Long.parseLong(suffix.group(1)))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException | OverlappingFileLockException _) {
      return false;
    }
  }

  private static boolean isOtherProcess(long pid) {
    return pid != PID && ProcessHandle.of(pid).isPresent();
  }

  private static String prefix(Path file) {
    return "." + file.getFileName() + ".partial-";
  }

  /** Its file is forced and renamed before it is closed. */
  private static final class KeptOpen extends FilterOutputStream {
    private KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }

  /** The text of a file; empty if there is no such file. */
  public static Optional<String> read(Path file) {
    IoErrors.requireRegular(file);
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new BadInputException("cannot read: file=" + file + ", cause=" + e, e);
    }
  }
}
