package io.millrace.datasets.platform;

import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How a mapped file will be read from now on, as advice to the system (Linux: {@code madvise}).
 *
 * <p>Without advice Linux reads up to 128 KiB around a page that is missing. That is too little for
 * a file that memory holds, and too much for one row of a file that it does not hold. Advice
 * changes what is read ahead and how pages are mapped, never a value. On other systems, and where
 * Java forbids native access, it does nothing. Thread-safe. The class that reads the files of a
 * dataset and chooses is {@code DatasetReader}.
 */
@Internal
public enum Access {
  /**
   * Rows at random, of a file that memory does not hold: a missing page is read alone. A file that
   * is read whole takes a hundred times as long with this advice.
   */
  RANDOM(Advice.NO_HUGE_PAGE, Advice.RANDOM),

  /** From front to back: the next pages are read ahead, and those that were read go first. */
  SEQUENTIAL(Advice.HUGE_PAGE, Advice.SEQUENTIAL),

  /**
   * Again and again, of a file that memory holds: read and mapped in pages of 2 MiB where the file
   * system has them. The first reading takes a third of the time.
   */
  RESIDENT(Advice.NORMAL, Advice.HUGE_PAGE);

  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** The share of the available memory that files may take and still count as resident. */
  private static final int RESIDENT_SHARE = 2;

  private final int[] advice;

  Access(int... advice) {
    this.advice = advice;
  }

  /**
   * The access to rows at random: {@link #RESIDENT} if half of the available memory holds them,
   * else {@link #RANDOM}.
   *
   * @param bytes size of the file, and of other files that should stay in memory as well
   */
  public static Access ofRows(long bytes) {
    return bytes <= AvailableMemory.availableBytes() / RESIDENT_SHARE ? RESIDENT : RANDOM;
  }

  /** Advises the system, if this memory is a mapped file. A refusal does no harm. */
  public void advise(MemorySegment file) {
    if (!CLibrary.LINUX || !file.isMapped() || file.byteSize() == 0) {
      return;
    }
    try {
      OptionalInt pageBytes = CLibrary.call("getpagesize");
      if (pageBytes.isPresent()) {
        long header = file.address() % pageBytes.getAsInt(); // advice begins at a whole page
        MemorySegment start = MemorySegment.ofAddress(file.address() - header);
        for (int value : advice) {
          CLibrary.call("madvise", start, header + file.byteSize(), value);
        }
      }
    } catch (IllegalCallerException _) {
      // Java forbids native access: the system reads as it does without advice.
    }
  }

  /** What advice does on this system, in words. */
  public static String support() {
    if (!CLibrary.LINUX) {
      return "no advice: only Linux's is known";
    }
    try {
      if (CLibrary.call("getpagesize").isEmpty()) {
        return "no advice: the C library has no madvise";
      }
      return "advised how they are read, huge pages: " + Files.readString(HUGE_PAGES).strip();
    } catch (IllegalCallerException _) {
      return "no advice: Java forbids native access";
    } catch (IOException _) {
      return "advised how they are read, without huge pages";
    }
  }

  /** The numbers of Linux's {@code madvise}. */
  private static final class Advice {
    static final int NORMAL = 0;
    static final int RANDOM = 1;
    static final int SEQUENTIAL = 2;
    static final int HUGE_PAGE = 14;
    static final int NO_HUGE_PAGE = 15;
  }
}
