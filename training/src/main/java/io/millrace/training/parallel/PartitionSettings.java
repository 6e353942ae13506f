package io.millrace.training.parallel;

import io.millrace.slicing.partition.Assignment;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How feature rows are divided among ranks. Immutable.
 *
 * @param assignment which rank has which rows, the same on all ranks
 * @param cacheShare rows of others that each rank keeps a copy of, as a share of the rows of a
 *     part; 0 for none
 * @param bind the address of this machine where the others ask for rows
 * @param tls encrypts the connections, if given; on all ranks or on none
 * @param limit how long another rank may take to answer
 */
public record PartitionSettings(
    Assignment assignment,
    double cacheShare,
    InetAddress bind,
    Optional<SSLContext> tls,
    Duration limit) {}
