// What a client program is told, and how it tells what it saw.
export const url = `${process.env.BAILIWICK_URL}/graphql`;
export const token = process.env.BAILIWICK_TOKEN;
export const forged = `${token}x`;
export const pageSize = 3;

export const bearer = (value) => ({ authorization: `Bearer ${value}` });

export const tell = (seen) => console.log(JSON.stringify(seen));
