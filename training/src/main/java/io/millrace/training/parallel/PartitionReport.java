package io.millrace.training.parallel;

/**
 * Where this rank's feature rows came from in the batches of all epochs so far, without
 * evaluations.
 *
 * @param localRows from its own part
 * @param cachedRows from its copies of others' rows
 * @param remoteRows fetched from other ranks
 * @param predictedRemoteRows how many were to be expected to be fetched, by the probability of each
 *     row to be in a batch
 * @param bytesReceived in answers of other ranks, also for the copies and in evaluations
 * @param fetchWaitShare the share of the time that a slot has waited for remote rows, all else
 *     being done, as a mean over the slots; 0 to 1
 */
public record PartitionReport(
    long localRows,
    long cachedRows,
    long remoteRows,
    double predictedRemoteRows,
    long bytesReceived,
    double fetchWaitShare) {}
