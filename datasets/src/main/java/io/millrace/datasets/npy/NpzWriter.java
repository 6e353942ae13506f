package io.millrace.datasets.npy;

import io.millrace.Internal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an {@code .npz} file, array after array, each as a stream and of any size; {@link NpzFile}
 * reads it.
 *
 * <p>Members are stored, not deflated, as {@code numpy.savez} does it; those above 4 GiB make it a
 * zip64 archive. The checksum of a stored member precedes its data, so the content is produced
 * twice. The same arrays result in the same bytes. Used by one thread, which closes it, and deletes
 * the file after a failure.
 */
@Internal
public final class NpzWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** The earliest date that zip can hold, which numpy writes too. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final FileChannel channel;
  private final ZipOutputStream zip;

  private NpzWriter(FileChannel channel) {
    this.channel = channel;
    zip =
        new ZipOutputStream(
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
    zip.setMethod(ZipOutputStream.STORED);
  }

  /**
   * @param file must not exist
   */
  public static NpzWriter create(Path file) throws IOException {
    return new NpzWriter(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  public void write(NpzMember member) throws IOException {
    CRC32 crc = new CRC32();
    try (OutputStream checked = new CheckedOutputStream(OutputStream.nullOutputStream(), crc)) {
      member.writeTo(checked);
    }
    ZipEntry entry = new ZipEntry(member.name() + ".npy");
    entry.setTimeLocal(TIME);
    entry.setSize(member.bytes());
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    member.writeTo(zip);
    zip.closeEntry(); // fails if size or checksum differ
  }

  /** Ends the archive after the last array and forces it to disk. */
  public void finish() throws IOException {
    zip.finish();
    zip.flush();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
