/**
 * How programs of the person reach a node: the client of the Unix-domain socket, with its retries, and the JSON image
 * of the answers.
 */
package ai.postdev.developer.client;
