/**
 * {@code bench transfer}: copies to a GPU from page-locked and from pageable slots of several
 * sizes, next to one large copy. Begin with {@link io.millrace.bench.transfer.TransferCommand};
 * {@code TransferContest} lists the contenders.
 */
package io.millrace.bench.transfer;
