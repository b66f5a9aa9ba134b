/** PostGraphile asks for Node 22 and needs one thing of it; everybody here runs on the same Node. */
Promise.withResolvers ??= () => {
  /** @type {any} */
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};
