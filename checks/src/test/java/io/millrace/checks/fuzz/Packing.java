package io.millrace.checks.fuzz;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Changes what is in a packed file, so that it is whole outside and damaged inside. */
final class Packing {
  private Packing() {}

  /**
   * @param path its ending says how the bytes are packed
   * @param which any number, chooses the member of an archive
   */
  static byte[] change(String path, byte[] bytes, int which, UnaryOperator<byte[]> edit)
      throws IOException {
    if (path.endsWith(".gz")) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return gzip(edit.apply(in.readAllBytes()));
      }
    }
    if (path.endsWith(".zst")) {
      return Zstd.compress(edit.apply(Zstd.decompress(bytes, 1 << 20)));
    }
    if (path.endsWith(".npz")) {
      boolean stored = bytes[8] == 0;
      Map<String, byte[]> members = unzip(bytes);
      String name = members.keySet().stream().skip(which % members.size()).findFirst().get();
      members.put(name, edit.apply(members.get(name)));
      return zip(members, stored);
    }
    return edit.apply(bytes);
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] zip(Map<String, byte[]> members, boolean stored) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        ZipEntry entry = new ZipEntry(member.getKey());
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(member.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(member.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(member.getValue());
      }
    }
    return out.toByteArray();
  }

  private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.put(entry.getName(), zip.readAllBytes());
      }
    }
    return members;
  }
}
