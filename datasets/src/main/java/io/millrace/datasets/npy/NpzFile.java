package io.millrace.datasets.npy;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An {@code .npz} file: a zip archive whose members are npy files, stored or deflated, of any size.
 *
 * <p>A member is decoded while it is read ({@link NumpyReader}); its checksum is verified at its
 * end. Used by one thread, which closes it.
 */
@Internal
public final class NpzFile implements AutoCloseable {
  private static final int MAX_TEXT_BYTES = 256;

  /** Deflate writes at most 258 bytes for 2 bits. */
  private static final int MAX_DEFLATE = 1032;

  private final Path file;
  private final ZipFile zip;

  private NpzFile(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
  }

  public static NpzFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("missing file", "file", file);
    }
    try {
      return new NpzFile(file, new ZipFile(file.toFile()));
    } catch (ZipException e) {
      throw BadInputException.of(
          "not an npz file, or truncated", "file", file, "cause", e.getMessage());
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  public boolean has(String member) {
    return zip.getEntry(member + ".npy") != null;
  }

  /** The names of the members, without {@code .npy}. */
  public List<String> members() {
    return zip.stream().map(entry -> entry.getName().replaceFirst("\\.npy$", "")).toList();
  }

  /** Opens a member, named without {@code .npy}. */
  public NumpyReader read(String member) {
    ZipEntry entry = entry(member);
    return NumpyReader.of(place(entry), open(entry), maxBytes(entry));
  }

  /** As {@link #read}; closing the reader closes this file, too. */
  public NumpyReader readAlone(String member) {
    ZipEntry entry = entry(member);
    InputStream in =
        new FilterInputStream(open(entry)) {
          @Override
          public void close() throws IOException {
            super.close();
            zip.close();
          }
        };
    return NumpyReader.of(place(entry), in, maxBytes(entry));
  }

  /** A member that is a short text, as bytes or in UTF-32. */
  public String text(String member) {
    ZipEntry entry = entry(member);
    try (InputStream in = open(entry)) {
      NpyHeader.read(place(entry), in);
      String text = new String(in.readNBytes(MAX_TEXT_BYTES), StandardCharsets.ISO_8859_1);
      return text.replace("\0", ""); // the zero bytes of UTF-32 and of numpy's padding
    } catch (ZipException | EOFException e) {
      throw damaged(entry, e);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private ZipEntry entry(String member) {
    ZipEntry entry = zip.getEntry(member + ".npy");
    if (entry == null) {
      throw BadInputException.of(
          "missing npz member", "file", file, "member", member, "available", members());
    }
    return entry;
  }

  private String place(ZipEntry entry) {
    return file + ", member=" + entry.getName().replaceFirst("\\.npy$", "");
  }

  private InputStream open(ZipEntry entry) {
    try {
      return new Checked(zip.getInputStream(entry), entry.getCrc());
    } catch (ZipException e) {
      throw damaged(entry, e);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private BadInputException damaged(ZipEntry entry, IOException e) {
    return BadInputException.of(
        "npz member is damaged", "file", place(entry), "cause", e.getMessage());
  }

  /**
   * The size of a member as the archive states it, but at most what its packed bytes can expand to.
   */
  private static long maxBytes(ZipEntry entry) {
    long packed = entry.getCompressedSize();
    return entry.getMethod() == ZipEntry.STORED
        ? packed
        : Math.min(entry.getSize(), packed * MAX_DEFLATE);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /** Verifies the checksum at the end, which {@link ZipFile} does not do. */
  private static final class Checked extends FilterInputStream {
    private final CRC32 found = new CRC32();
    private final long need;

    private Checked(InputStream in, long need) {
      super(in);
      this.need = need;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      if (read > 0) {
        found.update(bytes, offset, read);
      } else if (read < 0 && need >= 0 && found.getValue() != need) {
        throw new ZipException("checksum differs");
      }
      return read;
    }
  }
}
