/**
 * Ranks that an MPI launcher has started, such as {@code mpirun} or Slurm's {@code srun}.
 *
 * <p>Begin with {@link io.millrace.ranks.mpi.MpiCollective}. {@code MpiLibrary} has the functions
 * of the C library, {@code MpiAbi} what differs between its makers, {@code MpiWire} a connection
 * made of messages.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>MPI carries the frames of a ring, it does not add.</b> The order in which {@code
 *       MPI_Allreduce} adds is the library's own, so its bits depend on the number of ranks. Over
 *       the ring the sums have the bits of one process, and ranks that are stuck, dead or elsewhere
 *       are named in the same way as over TCP; MPI itself has no limit for a wait.
 *   <li><b>Nothing waits inside of MPI.</b> Its blocking calls keep a core busy and cannot be
 *       ended. Messages are begun and asked after, with pauses that grow while nothing comes.
 *   <li><b>The library is optional</b> and found at run time through Java's foreign-function API:
 *       Open MPI 4 and 5, MPICH with its relatives, and the ABI of MPI 5, on 64-bit Linux.
 * </ul>
 */
package io.millrace.ranks.mpi;
