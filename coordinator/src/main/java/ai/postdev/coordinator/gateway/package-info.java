/**
 * The doors of a node: one service that carries out every call of {@code postdevai.v1}, and the gRPC and Unix-domain
 * socket doors that only translate to it.
 */
package ai.postdev.coordinator.gateway;
