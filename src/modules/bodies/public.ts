export { rerenderBodies } from './service.js';
