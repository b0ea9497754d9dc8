/** Models: now the embedder and the queue that embeds what the lakes hold; later the catalogue, ledger and engines. */
package ai.postdev.dragon.model;
