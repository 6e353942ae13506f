/**
 * How unequal machines share a batch: which size its virtual nodes have, and how many each rank
 * computes (Or, Zhang and Freedman, "VirtualFlow", MLSys 2022).
 *
 * <p>Begin with {@link io.millrace.tuning.balance.Balance}.
 *
 * <p>Decision: <b>all virtual nodes of a training have the same size</b>. VirtualFlow lets each
 * kind of device have its own. Here the result of a training is a function of the number of virtual
 * nodes alone, and any ranks can resume it; a division with sizes of its own would tie it to the
 * machines.
 */
package io.millrace.tuning.balance;
