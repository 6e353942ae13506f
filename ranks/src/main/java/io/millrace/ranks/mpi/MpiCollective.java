package io.millrace.ranks.mpi;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.Traffic;
import io.millrace.ranks.ring.RingCollective;
import io.millrace.ranks.ring.RingPlace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The ranks of an MPI launcher: {@code mpirun -np 4 ...}, with rank and size from the MPI library.
 *
 * <p>The operations are those of a {@link RingCollective}, whose frames are MPI's messages, so sums
 * have the same bits as over TCP, and failures name rank, step and cause. When a rank fails, MPI is
 * not left in order: the process must end, with an exit code that is not 0, and the launcher then
 * ends what is left.
 *
 * <p>Used by one thread, the one that has joined, except for {@link #fail}.
 */
public final class MpiCollective implements Collective {
  private static final int TO_NEXT = 1;
  private static final int TO_PREVIOUS = 2;

  /** What launchers say of the number of processes, each by a variable of its own. */
  private static final List<String> SIZES =
      List.of("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS");

  private static final AtomicBoolean JOINED = new AtomicBoolean();

  private final MpiLibrary library;
  private final Duration operationLimit;
  private final RingCollective ring;
  private final List<MpiWire> wires;
  private volatile long step;
  private volatile boolean failed;
  private boolean closed;

  private MpiCollective(
      MpiLibrary library, Duration operationLimit, RingCollective ring, List<MpiWire> wires) {
    this.library = library;
    this.operationLimit = operationLimit;
    this.ring = ring;
    this.wires = wires;
  }

  /** The MPI library of this machine, or why there is none; loads it, and does not join. */
  public static String support() {
    try {
      return MpiLibrary.load().description();
    } catch (BadInputException | LinkageError | IllegalCallerException e) {
      return "none: " + e.getMessage();
    }
  }

  /**
   * Joins the other processes of the launcher. A process can join once.
   *
   * @param silenceLimit after which time without any sign of life a rank counts as dead
   * @param operationLimit after which time in one operation a rank counts as stuck, though it lives
   * @throws BadInputException if there is no MPI library, or it is not that of the launcher
   * @throws RankFailedException if the ranks do not come together
   * @throws IllegalStateException if this process has joined before
   */
  public static MpiCollective join(Duration silenceLimit, Duration operationLimit) {
    MpiLibrary library = MpiLibrary.load();
    if (!JOINED.compareAndSet(false, true)) {
      throw new IllegalStateException("a process joins the ranks of MPI once");
    }
    try {
      library.init();
      RingPlace place =
          new RingPlace(library.rank(), library.size(), silenceLimit, operationLimit, silenceLimit);
      requireLauncher(library, place.size(), System.getenv());
      if (place.size() == 1) {
        return new MpiCollective(library, operationLimit, RingCollective.alone(place), List.of());
      }
      MpiWire next = wire(library, place.next(), TO_NEXT, TO_PREVIOUS);
      MpiWire previous = wire(library, place.previous(), TO_PREVIOUS, TO_NEXT);
      return new MpiCollective(
          library,
          operationLimit,
          RingCollective.of(place, next, previous),
          List.of(next, previous));
    } catch (IOException e) {
      throw new BadInputException(
          "MPI cannot be used: library=" + library.description() + ", cause=" + e.getMessage(), e);
    }
  }

  private static MpiWire wire(MpiLibrary library, int peer, int sendTag, int receiveTag) {
    return new MpiWire(library, peer, sendTag, receiveTag, RingCollective.MAX_FRAME);
  }

  /** With another MPI's library, every process would take itself for the only one. */
  static void requireLauncher(MpiLibrary library, int size, Map<String, String> environment) {
    Optional<String> said =
        SIZES.stream().filter(environment::containsKey).findFirst().map(environment::get);
    if (said.isPresent() && !said.get().equals(String.valueOf(size))) {
      throw BadInputException.of(
          "the MPI library is not that of the launcher",
          "library",
          library.description(),
          "ranks",
          size,
          "launcher's ranks",
          said.get(),
          "to choose",
          MpiLibrary.FILE);
    }
  }

  @Override
  public int rank() {
    return ring.rank();
  }

  @Override
  public int size() {
    return ring.size();
  }

  @Override
  public void step(long number) {
    step = number;
    ring.step(number);
  }

  /** The step that the training is at. */
  public long step() {
    return step;
  }

  @Override
  public void foldInOrder(List<MemorySegment> parts, MemorySegment sum) {
    ring.foldInOrder(parts, sum);
  }

  @Override
  public void sum(MemorySegment values) {
    ring.sum(values);
  }

  @Override
  public List<byte[]> allGather(byte[] own) {
    return ring.allGather(own);
  }

  @Override
  public byte[] broadcast(byte[] value, int root) {
    return ring.broadcast(value, root);
  }

  @Override
  public void barrier(Duration limit) {
    ring.barrier(limit);
  }

  @Override
  public void fail(Throwable cause) {
    failed = true;
    ring.fail(cause);
  }

  @Override
  public Traffic traffic() {
    return ring.traffic();
  }

  /**
   * Waits for all ranks, since none may leave MPI before the others have come to their end.
   *
   * @throws RankFailedException if another rank fails before it has come to its end
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!failed) {
        ring.barrier(operationLimit);
      }
    } finally {
      ring.close();
    }
    if (wires.stream().allMatch(MpiWire::endedInOrder)) {
      finish();
    }
  }

  private void finish() {
    try {
      library.finish();
    } catch (IOException e) {
      throw new IllegalStateException("MPI cannot be left: " + e.getMessage(), e);
    }
  }
}
