package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.npy.ArrayAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the index finds, its bytes, and that damaged ones lead to no wrong node. */
class NameIndexTest {
  private static final int ALL_AT_ONCE = 1 << 24;

  static NodeNames names(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long[] offsets = new long[texts.size() + 1];
    for (int node = 0; node < texts.size(); node++) {
      bytes.writeBytes(texts.get(node).getBytes(UTF_8));
      offsets[node + 1] = bytes.size();
    }
    return new NodeNames(
        Path.of("names"),
        MemorySegment.ofArray(offsets),
        MemorySegment.ofArray(bytes.toByteArray()));
  }

  private static NodeNames numbered(int numNames) {
    return names(IntStream.range(0, numNames).mapToObj(i -> "name " + i).toList());
  }

  /** The arrays, one behind the other. */
  private static byte[] arrays(NodeNames names, int bucketsPerPass) {
    ByteArrayOutputStream starts = new ByteArrayOutputStream();
    ByteArrayOutputStream nodes = new ByteArrayOutputStream();
    try {
      new NameIndexBuilder(names, Progress.NONE, bucketsPerPass)
          .writeTo(appender(starts), appender(nodes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(Integer.BYTES * NameIndex.numStarts(names.numNodes()), starts.size());
    assertEquals(Integer.BYTES * names.numNodes(), nodes.size());
    starts.writeBytes(nodes.toByteArray());
    return starts.toByteArray();
  }

  private static ArrayAppender appender(ByteArrayOutputStream out) {
    return elements -> out.writeBytes(elements.toArray(JAVA_BYTE));
  }

  private static NameIndex index(NodeNames names, byte[] arrays) {
    int[] ints = MemorySegment.ofArray(arrays).toArray(JAVA_INT.withByteAlignment(1));
    MemorySegment all = MemorySegment.ofArray(ints);
    long end = Integer.BYTES * NameIndex.numStarts(names.numNodes());
    return new NameIndex(names, all.asSlice(0, end), all.asSlice(end));
  }

  private static NameIndex index(NodeNames names) {
    return index(names, arrays(names, ALL_AT_ONCE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 1000, 20_000})
  void findsEachNameAndNoOther(int numNames) {
    NodeNames names = numbered(numNames);
    NameIndex index = index(names);
    index.check(Progress.NONE);
    for (int node = 0; node < numNames; node++) {
      assertEquals(node, index.node(("name " + node).getBytes(UTF_8)));
      assertEquals(NameIndex.UNKNOWN, index.node(("Name " + node).getBytes(UTF_8)));
    }
    assertEquals(NameIndex.UNKNOWN, index.node(new byte[0]));
  }

  @Test
  void findsNamesOfAnyBytes() {
    List<String> texts = List.of("", "\0", "\0\0", "ž", "z", "客户42", "a\0", "a", "\ud83d\ude00");
    NameIndex index = index(names(texts));
    index.check(Progress.NONE);
    for (int node = 0; node < texts.size(); node++) {
      assertEquals(node, index.node(texts.get(node).getBytes(UTF_8)));
    }
  }

  @Test
  void findsNamesThatWereChosenToMeetInOneBucket() {
    int bits = 10;
    NodeNames names =
        names(
            IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "name " + i)
                .filter(name -> NameIndex.bucket(name.getBytes(UTF_8), bits) == 5)
                .limit(1 << bits)
                .toList());
    NameIndex index = index(names);
    index.check(Progress.NONE);
    assertEquals(NameIndex.UNKNOWN, index.node("name".getBytes(UTF_8)));
  }

  @Test
  @Tag("exhaustive")
  void hasTheSameBytesForAnyNumberOfThreadsAndPasses() {
    NodeNames names = numbered(50_000);
    byte[] one = inPoolOf(1, () -> arrays(names, ALL_AT_ONCE));
    assertArrayEquals(one, inPoolOf(5, () -> arrays(names, ALL_AT_ONCE)));
    assertArrayEquals(one, arrays(names, 1 << 17));
    assertArrayEquals(one, arrays(names, 1 << 14));
    assertArrayEquals(one, inPoolOf(3, () -> arrays(names, 1 << 10)));
  }

  private static byte[] inPoolOf(int numThreads, Supplier<byte[]> work) {
    try (ForkJoinPool pool = new ForkJoinPool(numThreads)) {
      return pool.submit(work::get).join();
    }
  }

  /** Other hashes would not find the names in the datasets that there are. */
  @Test
  void hashesNamesAsEver() {
    assertEquals("0", hash(""));
    assertEquals("c6c2761efc90fd6e", hash("a"));
    assertEquals("ec1c9ae18195729e", hash("12345678"));
    assertEquals("1d92ac7382a5cbea", hash("客户42, the customer"));
  }

  private static String hash(String name) {
    byte[] padded = ("<" + name + ">").getBytes(UTF_8);
    return Long.toHexString(NameHash.of(padded, 1, padded.length - 2));
  }

  @Test
  void spreadsNamesEvenly() {
    int bits = 10;
    int[] sizes = new int[1 << bits];
    for (int i = 0; i < 100 * sizes.length; i++) {
      sizes[(int) NameIndex.bucket(Integer.toString(i).getBytes(UTF_8), bits)]++;
    }
    // 100 on average; the standard deviation of a fair draw is 10
    assertTrue(IntStream.of(sizes).allMatch(size -> size > 40 && size < 160));
  }

  @Test
  void refusesTwoNodesOfOneName() {
    NodeNames names = names(List.of("a", "b", "c", "b"));
    Expect.badInput(
        () -> arrays(names, ALL_AT_ONCE),
        "nodes must have different names: folder=names, node=1, other=3");
  }

  @Test
  void noticesADamagedBucketWhereItIsLookedInto() {
    NodeNames names = numbered(4);
    byte[] whole = arrays(names, ALL_AT_ONCE);
    for (int value : new int[] {-1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (int position = 0; position < whole.length; position += Integer.BYTES) {
        byte[] damaged = whole.clone();
        MemorySegment.ofArray(damaged).set(JAVA_INT.withByteAlignment(1), position, value);
        Expect.badInput(
            () -> index(names, damaged).check(Progress.NONE),
            "dictionary is damaged: folder=names");
        requireNoWrongNode(names, index(names, damaged));
      }
    }
  }

  @Test
  void noticesNodesThatChangePlaces() {
    NodeNames names = numbered(1000);
    byte[] whole = arrays(names, ALL_AT_ONCE);
    for (int last = whole.length - Integer.BYTES, i = 0; i < 200; i++, last -= Integer.BYTES) {
      byte[] damaged = whole.clone();
      System.arraycopy(whole, last, damaged, last - Integer.BYTES, Integer.BYTES);
      System.arraycopy(whole, last - Integer.BYTES, damaged, last, Integer.BYTES);
      Expect.badInput(() -> index(names, damaged).check(Progress.NONE), "dictionary is damaged");
      requireNoWrongNode(names, index(names, damaged));
    }
  }

  @Test
  @Tag("exhaustive")
  void neverLeadsToAWrongNodeWhateverTheIndexHolds() {
    NodeNames names = numbered(300);
    byte[] whole = arrays(names, ALL_AT_ONCE);
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      int[] ints = new int[whole.length / Integer.BYTES];
      int bound = round % 2 == 0 ? names.numNodes() + 1 : Integer.MAX_VALUE;
      for (int i = 0; i < ints.length; i++) {
        ints[i] = round % 4 < 2 ? random.nextInt(bound) : random.nextInt(bound) - 2;
      }
      requireNoWrongNode(names, index(names, MemorySegment.ofArray(ints).toArray(JAVA_BYTE)));
    }
  }

  private static void requireNoWrongNode(NodeNames names, NameIndex index) {
    IntStream.range(0, names.numNodes())
        .boxed()
        .flatMap(node -> Stream.of(names.bytes(node), ("no " + node).getBytes(UTF_8)))
        .forEach(
            name -> {
              try {
                int found = index.node(name);
                assertTrue(
                    found == NameIndex.UNKNOWN || names.compare(found, name) == 0, "" + found);
              } catch (BadInputException e) {
                assertTrue(e.getMessage().startsWith("dictionary is damaged: "), e.getMessage());
              }
            });
  }
}
