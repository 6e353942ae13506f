package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.CheckpointHeader.FinishedEpoch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The epochs of {@link GraphTrainer#fit} so far. On disk they are {@code checkpoint-epochs.jsonl}
 * next to the checkpoint, a JSON object per line, so that a checkpoint does not grow with them.
 *
 * <p>A checkpoint names the part of the file that belongs to it, by length and checksum, and holds
 * the {@link #recent} epochs itself. These are appended after the checkpoint is written, over
 * whatever follows the named part. So the part that the checkpoint on disk names never changes, and
 * a process may end at any moment. One thread at a time.
 */
final class EpochHistory {
  static final String FILE = "checkpoint-epochs.jsonl";

  /**
   * The beginning of the file.
   *
   * @param bytes its length
   * @param sha256 of these bytes, in hexadecimal
   */
  record Stored(long bytes, String sha256) {
    static final Stored NONE = new Stored(0, hex(Checksums.sha256()));
  }

  private final List<FinishedEpoch> epochs = new ArrayList<>();
  private Optional<Path> directory = Optional.empty();
  private MessageDigest digest = Checksums.sha256();
  private Stored stored = Stored.NONE;
  private int numStored;

  /** All epochs, in order. */
  List<FinishedEpoch> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  void add(FinishedEpoch epoch) {
    epochs.add(epoch);
  }

  /** What the file in a directory holds of these epochs: nothing, unless they were stored there. */
  Stored storedIn(Path target) {
    if (!directory.equals(Optional.of(target)) || sizeOf(fileIn(target)) < stored.bytes()) {
      directory = Optional.of(target);
      digest = Checksums.sha256();
      stored = Stored.NONE;
      numStored = 0;
    }
    return stored;
  }

  /** The epochs that the file does not hold. */
  List<FinishedEpoch> recent() {
    return epochs.subList(numStored, epochs.size());
  }

  /**
   * Appends the recent epochs to the file, once the checkpoint that holds them is on disk.
   *
   * @throws BadInputException if they cannot be written; the checkpoint is not harmed by that
   */
  void storeRecent() {
    if (recent().isEmpty()) {
      return;
    }
    byte[] lines =
        recent().stream()
            .map(it -> Checkpoint.GSON.toJson(it) + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    Path file = fileIn(directory.orElseThrow());
    try {
      if (stored.bytes() == 0) {
        AtomicFile.write(file, lines, true);
      } else {
        append(file, stored.bytes(), lines);
      }
    } catch (IOException e) {
      throw new BadInputException(
          "epochs of a checkpoint cannot be saved: file=%s, cause=%s".formatted(file, e), e);
    }
    stored(stored.bytes() + lines.length, lines);
  }

  private static void append(Path file, long end, byte[] lines) throws IOException {
    IoErrors.requireRegular(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.truncate(end).position(end);
      for (ByteBuffer rest = ByteBuffer.wrap(lines); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(false);
    }
  }

  private void stored(long bytes, byte[] added) {
    digest.update(added);
    stored = new Stored(bytes, hex(digest));
    numStored = epochs.size();
  }

  /**
   * Takes over the epochs of a checkpoint.
   *
   * @param part of the file in the directory
   * @param recent the epochs after it
   * @throws BadInputException if the file is missing, too short or damaged
   */
  void restore(Path from, Stored part, List<FinishedEpoch> recent) {
    directory = Optional.of(from);
    if (part.bytes() != 0) {
      byte[] bytes = read(fileIn(from), part);
      epochs.addAll(parse(fileIn(from), bytes));
      stored(bytes.length, bytes);
    }
    epochs.addAll(recent);
  }

  private static byte[] read(Path file, Stored part) {
    IoErrors.requireRegular(file);
    long size = sizeOf(file);
    if (size < part.bytes() || part.bytes() < 0 || part.bytes() > Integer.MAX_VALUE - 8L) {
      throw BadInputException.of(
          "epochs of a checkpoint are missing or cut short",
          "file",
          file,
          "bytes",
          size,
          "need",
          part.bytes());
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) part.bytes());
      Checksums.require(
          file, HexFormat.of().formatHex(Checksums.sha256().digest(bytes)), part.sha256());
      return bytes;
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private static List<FinishedEpoch> parse(Path file, byte[] bytes) {
    try {
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(line -> Checkpoint.GSON.fromJson(line, FinishedEpoch.class))
          .map(Objects::requireNonNull)
          .toList();
    } catch (RuntimeException e) { // thrown by Gson for a text that Millrace has not written
      throw new BadInputException("not the epochs of a checkpoint: file=" + file, e);
    }
  }

  private static Path fileIn(Path directory) {
    return directory.resolve(FILE);
  }

  /** 0 if there is no such file. */
  private static long sizeOf(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /** Of what the digest has seen so far; more may follow. */
  private static String hex(MessageDigest digest) {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
