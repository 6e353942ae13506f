package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The part of an OGB archive that an importer needs, unpacked into a folder that {@link #close}
 * deletes:
 *
 * <pre>
 *   NAME/raw/...     ->  raw/...
 *   NAME/split/...   ->  split/...
 * </pre>
 *
 * <p>Used by one thread, which closes it. The next class to read is {@link OgbFolder}.
 */
final class OgbExtraction implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final List<String> FOLDERS = List.of("raw", "split");

  private final Path archive;
  private final PartialDirectory folder;
  private final Progress progress;
  private long doneBytes;

  private OgbExtraction(Path archive, PartialDirectory folder, Progress progress) {
    this.archive = archive;
    this.folder = folder;
    this.progress = progress;
  }

  /** Unpacks next to the archive and verifies the archive's checksums. */
  static OgbExtraction of(Path archive, Progress progress) {
    OgbExtraction unpacked =
        new OgbExtraction(archive, PartialDirectory.forTarget(target(archive)), progress);
    try {
      unpacked.unpack();
      return unpacked;
    } catch (RuntimeException | Error e) {
      unpacked.close();
      throw e;
    }
  }

  private static Path target(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".unpacked");
  }

  /** Deletes what killed processes have unpacked. */
  static void deleteAbandoned(Path archive) {
    PartialDirectory.forTarget(target(archive)).close();
  }

  Path path() {
    return folder.path();
  }

  private void unpack() {
    IoErrors.requireRegular(archive);
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      List<? extends ZipEntry> entries = zip.stream().filter(OgbExtraction::isNeeded).toList();
      long totalBytes = entries.stream().mapToLong(ZipEntry::getSize).sum();
      if (entries.isEmpty()) {
        throw BadInputException.of("archive holds no OGB folder", "file", archive);
      }
      DiskSpace.require(folder.path(), totalBytes);
      for (ZipEntry entry : entries) {
        try (InputStream in = zip.getInputStream(entry)) {
          unpack(entry, in, totalBytes);
        }
      }
    } catch (ZipException e) {
      throw BadInputException.of(
          "archive is damaged, delete it to download it again",
          "file",
          archive,
          "cause",
          e.getMessage());
    } catch (IOException e) {
      throw IoErrors.cannotRead(archive, e);
    }
  }

  /**
   * Whether an entry is a file below raw/ or split/ of the archive's one folder. A path that leads
   * out of the folder is not, nor one that no file can have.
   */
  private static boolean isNeeded(ZipEntry entry) {
    List<String> names = names(entry);
    return !entry.isDirectory()
        && names.size() > 2
        && FOLDERS.contains(names.get(1))
        && !names.contains("..")
        && entry.getName().indexOf(0) < 0;
  }

  private static List<String> names(ZipEntry entry) {
    return Arrays.asList(entry.getName().split("/"));
  }

  private void unpack(ZipEntry entry, InputStream packed, long totalBytes) throws IOException {
    List<String> names = names(entry);
    Path file = folder.resolve(String.join("/", names.subList(1, names.size())));
    CRC32 crc = new CRC32(); // ZipFile does not verify it
    CheckedInputStream in = new CheckedInputStream(packed, crc);
    long entryBytes = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] bytes = new byte[BUFFER_BYTES];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        entryBytes += read;
        if (entryBytes > entry.getSize()) {
          throw new ZipException("member is longer than declared: " + entry.getName());
        }
        out.write(bytes, 0, read);
        doneBytes += read;
        progress.update("unpack (bytes)", doneBytes, totalBytes);
      }
    }
    if (crc.getValue() != entry.getCrc()) {
      throw new ZipException("checksum differs: " + entry.getName());
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
