package io.millrace.ranks.mpi;

import java.lang.foreign.SymbolLookup;

/**
 * What differs between the makers of an MPI library: the C type of a handle, and the values of
 * constants. Handles are addresses of exported objects in Open MPI, numbers in MPICH, and small
 * addresses in the ABI that MPI 5.0 has standardised. Here all are longs. Immutable.
 *
 * @param name of the ABI
 * @param intHandles whether a handle is a C {@code int}; otherwise it is a pointer
 * @param world {@code MPI_COMM_WORLD}
 * @param bytes {@code MPI_BYTE}
 * @param errorsReturn {@code MPI_ERRORS_RETURN}
 * @param statusIgnore {@code MPI_STATUS_IGNORE}
 * @param threadMultiple {@code MPI_THREAD_MULTIPLE}
 */
record MpiAbi(
    String name,
    boolean intHandles,
    long world,
    long bytes,
    long errorsReturn,
    long statusIgnore,
    int threadMultiple) {
  private static final MpiAbi STANDARD = new MpiAbi("MPI ABI", false, 0x101, 0x247, 0x143, 0, 4096);
  private static final MpiAbi MPICH =
      new MpiAbi("MPICH", true, 0x44000000, 0x4c00010d, 0x54000001, 1, 3);

  /**
   * The ABI of a library.
   *
   * @param file its name, by which the standard ABI is known
   */
  static MpiAbi of(String file, SymbolLookup library) {
    if (file.contains("mpi_abi")) {
      return STANDARD;
    }
    return library.find("ompi_mpi_comm_world").isPresent() ? openMpi(library) : MPICH;
  }

  private static MpiAbi openMpi(SymbolLookup library) {
    return new MpiAbi(
        "Open MPI",
        false,
        address(library, "ompi_mpi_comm_world"),
        address(library, "ompi_mpi_byte"),
        address(library, "ompi_mpi_errors_return"),
        0,
        3);
  }

  private static long address(SymbolLookup library, String name) {
    return library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("no " + name)).address();
  }
}
