package io.millrace.training.parallel;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Files that rank 0 reads and the others need: they are sent, since ranks may share no disk. */
@Internal
public final class FirstRanksFiles {
  private static final int PIECE = 1 << 26;

  private FirstRanksFiles() {}

  /**
   * Shows a directory with rank 0's files to every rank: on rank 0 its own, elsewhere a copy, which
   * is deleted afterwards. All ranks call it together; nothing happens if rank 0 lacks the first
   * file.
   *
   * @param directory of rank 0
   * @param names of the files; those that are missing are left out, except for the first
   * @throws BadInputException if they cannot be read or copied
   */
  public static void use(Ranks ranks, Path directory, List<String> names, Consumer<Path> user) {
    if (ranks.isAlone()) {
      user.accept(directory);
      return;
    }
    try {
      if (ranks.isFirst()) {
        send(ranks, directory, names);
        if (Files.exists(directory.resolve(names.getFirst()))) {
          user.accept(directory);
        }
      } else {
        receive(ranks, names, user);
      }
    } catch (IOException e) {
      throw new BadInputException(
          "files of rank 0 cannot be copied: directory=" + directory + ", cause=" + e, e);
    }
  }

  private static void send(Ranks ranks, Path directory, List<String> names) throws IOException {
    for (String name : names) {
      Path file = directory.resolve(name);
      long size = Files.exists(file) ? Files.size(file) : -1;
      ranks.collective().broadcast(ByteBuffer.allocate(Long.BYTES).putLong(size).array(), 0);
      if (size > 0) {
        try (InputStream in = Files.newInputStream(file)) {
          for (long left = size; left > 0; ) {
            byte[] piece = in.readNBytes((int) Math.min(left, PIECE));
            if (piece.length == 0) {
              throw new IOException("the file has become shorter: " + file);
            }
            ranks.collective().broadcast(piece, 0);
            left -= piece.length;
          }
        }
      }
    }
  }

  private static void receive(Ranks ranks, List<String> names, Consumer<Path> user)
      throws IOException {
    Path copy = Files.createTempDirectory("millrace-rank-");
    try {
      for (String name : names) {
        long size = ByteBuffer.wrap(ranks.collective().broadcast(new byte[0], 0)).getLong();
        if (size >= 0) {
          try (OutputStream out = Files.newOutputStream(copy.resolve(name))) {
            for (long left = size; left > 0; ) {
              byte[] piece = ranks.collective().broadcast(new byte[0], 0);
              out.write(piece);
              left -= piece.length;
            }
          }
        }
      }
      if (Files.exists(copy.resolve(names.getFirst()))) {
        user.accept(copy);
      }
    } finally {
      try (Stream<Path> files = Files.list(copy)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(copy);
    }
  }
}
