/** Which node the lake of a project runs on, and how to reach it from any node. */
package ai.postdev.cluster.shard;
