package io.millrace.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A GPU for tests: does what the calls say, at a time of its own choosing, and checks that they
 * leave no gap in the order.
 *
 * <p>Two independent checks. <b>Order</b>: every operation carries a vector clock ({@link
 * Operation}), so that an access that is not ordered behind the one it conflicts with is found
 * whatever the schedule happens to be. A copy from a host block counts as the news that the host
 * has refilled it. <b>Content</b>: copies and reads are done late, early or at random ({@link
 * Schedule}), so that a host or device block that is refilled too soon is seen in the bytes. Both
 * throw {@link ProtocolViolation} at the call and keep its message, for the code under test may
 * catch it.
 *
 * <p>Device addresses are no addresses of the host: code that touches one ends the JVM, as with a
 * real GPU. Thread-safe.
 */
public final class RecordingCuda implements Cuda {
  private static final int LAZY_ANSWERS = 3;

  private final Schedule schedule;
  private final Random random;
  private final Map<CudaStream, OperationQueue> streams = new HashMap<>();
  private final Map<CudaEvent, Optional<Operation>> events = new HashMap<>();

  /** When the timed events were last passed, in nanoseconds. */
  private final Map<CudaEvent, Long> stamps = new HashMap<>();

  private final Map<Operation, Integer> refusals = new HashMap<>();
  private final RecordedMemory memory;

  /** What any thread of the host knows to be done. */
  private final int[] hostClock = new int[OperationQueue.MAX_STREAMS];

  private final List<String> calls = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private int numStreams = 1;
  private long nextHandle = 1;
  private int numSynchronizations;
  private long copiedBytes;

  public RecordingCuda(Schedule schedule, long seed) {
    this(schedule, seed, 1L << 31);
  }

  /**
   * @param deviceBytes the memory of the GPU
   */
  public RecordingCuda(Schedule schedule, long seed, long deviceBytes) {
    this.schedule = schedule;
    this.random = new Random(seed);
    this.memory = new RecordedMemory(deviceBytes);
    streams.put(CudaStream.LEGACY_DEFAULT, new OperationQueue(0));
  }

  @Override
  public synchronized MemorySegment hostAlloc(long bytes) {
    record("hostAlloc", bytes);
    return memory.hostAlloc(bytes);
  }

  @Override
  public synchronized void hostFree(MemorySegment freed) {
    record("hostFree", freed.byteSize());
    HostBlock block = memory.removeHost(freed);
    require(block != null, "host memory is freed that is not allocated");
    require(
        block.copies.stream().allMatch(copy -> copy.isBefore(hostClock)),
        "host memory is freed before its copy is done");
    block.arena.close();
  }

  @Override
  public synchronized DeviceMemory deviceAlloc(long bytes) {
    record("deviceAlloc", bytes);
    return memory.deviceAlloc(bytes);
  }

  @Override
  public synchronized void deviceFree(DeviceMemory freed) {
    record("deviceFree", freed.bytes());
    DeviceBlock block = memory.removeDevice(freed);
    require(block != null, "device memory is freed that is not allocated");
    require(block.isReadBefore(hostClock), "device memory is freed before it was consumed");
    require(block.isWrittenBefore(hostClock), "device memory is freed before its copy is done");
  }

  @Override
  public synchronized DeviceMemoryInfo memGetInfo() {
    return memory.info();
  }

  @Override
  public synchronized CudaStream streamCreate() {
    CudaStream stream = new CudaStream(nextHandle++);
    record("streamCreate", stream);
    streams.put(stream, new OperationQueue(numStreams++));
    return stream;
  }

  @Override
  public synchronized void streamDestroy(CudaStream stream) {
    record("streamDestroy", stream);
    require(alive(stream).isDoneBefore(hostClock), "a stream is destroyed with work under way");
    streams.remove(stream);
  }

  @Override
  public synchronized void streamSynchronize(CudaStream stream) {
    record("streamSynchronize", stream);
    numSynchronizations++;
    OperationQueue queue = alive(stream);
    while (!queue.isIdle()) {
      queue.step();
    }
    OperationQueue.join(hostClock, queue.clock(hostClock));
  }

  @Override
  public synchronized void streamWaitEvent(CudaStream stream, CudaEvent event) {
    record("streamWaitEvent", stream, event);
    alive(event).ifPresent(first -> enqueue(stream, Optional.of(first), () -> {}));
  }

  @Override
  public synchronized CudaEvent eventCreate() {
    CudaEvent event = new CudaEvent(nextHandle++);
    record("eventCreate", event);
    events.put(event, Optional.empty());
    return event;
  }

  @Override
  public synchronized CudaEvent timedEventCreate() {
    CudaEvent event = eventCreate();
    stamps.put(event, 0L);
    return event;
  }

  @Override
  public synchronized double elapsedMillis(CudaEvent begin, CudaEvent end) {
    record("elapsedMillis", begin, end);
    for (CudaEvent event : List.of(begin, end)) {
      require(stamps.containsKey(event), "the time of an event is asked that takes none");
      require(
          alive(event).stream().anyMatch(last -> last.isBefore(hostClock)),
          "the time of an event is asked before it is complete");
    }
    return (stamps.get(end) - stamps.get(begin)) / 1e6;
  }

  @Override
  public synchronized void eventDestroy(CudaEvent event) {
    record("eventDestroy", event);
    require(
        alive(event).stream().allMatch(last -> last.isBefore(hostClock)),
        "an event is destroyed before it is complete");
    events.remove(event);
    stamps.remove(event);
  }

  @Override
  public synchronized void eventRecord(CudaEvent event, CudaStream stream) {
    record("eventRecord", event, stream);
    alive(event);
    Runnable stamp = () -> stamps.computeIfPresent(event, (_, _) -> System.nanoTime());
    events.put(event, Optional.of(enqueue(stream, Optional.empty(), stamp)));
  }

  @Override
  public synchronized boolean eventQuery(CudaEvent event) {
    record("eventQuery", event);
    Optional<Operation> last = alive(event);
    last.filter(this::isForced).ifPresent(OperationQueue::run);
    last.filter(operation -> operation.done).ifPresent(this::learn);
    return last.isEmpty() || last.get().done;
  }

  /** A host that asks and asks gets its answer in the end. */
  private boolean isForced(Operation asked) {
    return switch (schedule) {
      case EAGER -> true;
      case LAZY -> refusals.merge(asked, 1, Integer::sum) > LAZY_ANSWERS;
      case RANDOM -> random.nextInt(4) == 0;
    };
  }

  @Override
  public synchronized void eventSynchronize(CudaEvent event) {
    record("eventSynchronize", event);
    numSynchronizations++;
    alive(event)
        .ifPresent(
            last -> {
              OperationQueue.run(last);
              learn(last);
            });
  }

  @Override
  public synchronized void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
    record("copyToDeviceAsync", source.byteSize(), targetOffset, stream);
    require(
        !stream.equals(CudaStream.LEGACY_DEFAULT),
        "a copy on the stream that computes: no overlap");
    HostBlock from = hostBlock(source);
    DeviceBlock to = deviceBlock(target.address() + targetOffset, source.byteSize());
    int[] now = alive(stream).clock(hostClock);
    require(to.isReadBefore(now), "a device slot is refilled before it was consumed");
    require(to.isWrittenBefore(now), "a device slot is refilled before its last copy");

    require(
        from.copies.stream().allMatch(copy -> copy.isBefore(hostClock)),
        "a host slot is refilled before its copy is done");

    byte[] then = bytes(source);
    int place = Math.toIntExact(target.address() + targetOffset - to.memory.address());
    MemorySegment part =
        from.memory.asSlice(source.address() - from.memory.address(), source.byteSize());
    Operation copy =
        enqueue(
            stream,
            Optional.empty(),
            () -> {
              byte[] content = bytes(part);
              System.arraycopy(content, 0, to.content, place, content.length);
              require(
                  Arrays.equals(content, then),
                  "a host slot is overwritten before its copy is done");
            });
    from.copies.clear();
    from.copies.add(copy);
    to.lastCopy = Optional.of(copy);
    to.reads.clear();
    copiedBytes += source.byteSize();
  }

  /**
   * Enqueues a read of device memory, as a kernel of the model would do it.
   *
   * @param part device addresses, for instance a segment of a batch
   * @return what the kernel sees, once it runs
   */
  public synchronized CompletableFuture<byte[]> compute(CudaStream stream, MemorySegment part) {
    record("compute", part.byteSize(), stream);
    DeviceBlock block = deviceBlock(part.address(), part.byteSize());
    require(block.lastCopy.isPresent(), "the model reads a device slot that was never filled");
    int[] now = alive(stream).clock(hostClock);
    require(block.isWrittenBefore(now), "the model reads a device slot before it was copied");
    CompletableFuture<byte[]> seen = new CompletableFuture<>();
    int place = Math.toIntExact(part.address() - block.memory.address());
    int end = place + Math.toIntExact(part.byteSize());
    block.reads.add(
        enqueue(
            stream,
            Optional.empty(),
            () -> seen.complete(Arrays.copyOfRange(block.content, place, end))));
    return seen;
  }

  /** Does all that was enqueued; the host learns nothing by it. */
  public synchronized void finish() {
    for (OperationQueue queue : streams.values()) {
      while (!queue.isIdle()) {
        queue.step();
      }
    }
  }

  /** One line a call: its name, then its arguments. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** How often the host waited for the GPU. */
  public synchronized int numSynchronizations() {
    return numSynchronizations;
  }

  public synchronized long copiedBytes() {
    return copiedBytes;
  }

  /** Fails if a rule was broken, or if something that was allocated or created is still there. */
  public synchronized void assertClean() {
    if (!violations.isEmpty()) {
      throw new AssertionError("rules were broken: " + violations);
    }
    List<String> left = left();
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left);
    }
  }

  /** What was allocated or created and is still there. */
  public synchronized List<String> left() {
    List<String> left = new ArrayList<>(memory.left());
    streams.keySet().stream()
        .filter(stream -> !stream.equals(CudaStream.LEGACY_DEFAULT))
        .forEach(stream -> left.add("stream " + stream));
    events.keySet().forEach(event -> left.add("event " + event));
    return left;
  }

  private Operation enqueue(CudaStream stream, Optional<Operation> waitsFor, Runnable effect) {
    Operation added = alive(stream).add(hostClock, waitsFor, effect);
    if (schedule == Schedule.EAGER) {
      OperationQueue.run(added);
    }
    return added;
  }

  /** Notes the call, and lets the streams move on meanwhile, if the schedule has it so. */
  private void record(String call, Object... arguments) {
    calls.add(
        call + " " + String.join(" ", Arrays.stream(arguments).map(String::valueOf).toList()));
    if (schedule == Schedule.RANDOM) {
      List<OperationQueue> queues = List.copyOf(streams.values());
      for (int steps = random.nextInt(4); steps > 0; steps--) {
        queues.get(random.nextInt(queues.size())).step();
      }
    }
  }

  /** The host knows now that an operation is done, and with it all that came before. */
  private void learn(Operation done) {
    OperationQueue.join(hostClock, done.clock);
  }

  private OperationQueue alive(CudaStream stream) {
    require(streams.containsKey(stream), "a stream is used that does not exist");
    return streams.get(stream);
  }

  private Optional<Operation> alive(CudaEvent event) {
    require(events.containsKey(event), "an event is used that does not exist");
    return events.get(event);
  }

  private HostBlock hostBlock(MemorySegment part) {
    Optional<HostBlock> found = memory.host(part);
    require(found.isPresent(), "a copy from host memory that is not page-locked, or was freed");
    return found.get();
  }

  private DeviceBlock deviceBlock(long address, long bytes) {
    Optional<DeviceBlock> found = memory.device(address, bytes);
    require(found.isPresent(), "device memory is used that is not allocated, or was freed");
    return found.get();
  }

  private static byte[] bytes(MemorySegment part) {
    return part.toArray(JAVA_BYTE);
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      violations.add(rule);
      throw new ProtocolViolation(rule);
    }
  }
}
