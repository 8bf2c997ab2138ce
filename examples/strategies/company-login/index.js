/** A login by OpenID Connect: who is known to the company's provider is a user here, made at the first login. */
const OpenIdConnect = require("passport-openidconnect");

module.exports = class CompanyLogin {
  async init({ provider, profileIds = ["default"] }, context) {
    this.context = context;
    this.profileIds = profileIds;
    await context.accessors.storage.bootstrap({
      identities: { properties: { kuid: { type: "keyword" }, name: { type: "keyword" } } },
    });
    this.identities = new context.constructors.Repository("identities");
    this.authenticators = { OpenIdConnect };
    this.strategies = {
      company: {
        config: {
          authenticator: "OpenIdConnect",
          strategyOptions: provider,
          authenticateOptions: { scope: ["profile", "email"] },
          fields: ["subject", "name"],
        },
        methods: {
          create: "create",
          update: "update",
          delete: "remove",
          exists: "exists",
          validate: "validate",
          verify: "verify",
          getInfo: "getInfo",
          getById: "getById",
          search: "search",
        },
      },
    };
  }

  /** The provider has vouched for this person. */
  async verify(_request, _issuer, profile) {
    const known = await this.bySubject(profile.id);
    if (known !== undefined) return { kuid: known.kuid };
    try {
      const user = await this.context.accessors.sdk.security.createUser(null, {
        content: { profileIds: this.profileIds, name: profile.displayName },
        credentials: { company: { subject: profile.id, name: profile.displayName } },
      });
      return { kuid: user._id };
    } catch (error) {
      // Two first logins of one person at once: the identity is made by one of them, and the other is that user, too.
      const made = await this.bySubject(profile.id);
      if (made === undefined) throw error;
      return { kuid: made.kuid };
    }
  }

  /** By id: what was written a moment ago is there, which a search may not find yet. */
  async bySubject(subject) {
    const [identity] = await this.identities.mGet([subject]);
    return identity;
  }

  async find(query) {
    const { hits } = await this.identities.search({ query }, { size: 1 });
    return hits[0];
  }

  async ofUser(kuid) {
    const identity = await this.find({ term: { kuid } });
    if (identity === undefined)
      throw new this.context.errors.PreconditionError("This user has no login by the company.");
    return identity;
  }

  async validate(_request, { subject }, kuid, _strategy, isUpdate) {
    if (subject === undefined && isUpdate) return true;
    if (typeof subject !== "string" || subject === "") {
      throw new this.context.errors.BadRequestError('"subject" is missing: who this is at the provider.');
    }
    const other = await this.bySubject(subject);
    if (other !== undefined && other.kuid !== kuid) {
      throw new this.context.errors.PreconditionError("Another user has this login.");
    }
    return true;
  }

  async create(_request, { subject, name }, kuid) {
    await this.identities.create({ _id: subject, kuid, name }, { refresh: "wait_for" });
    return { subject, name, kuid };
  }

  async update(_request, { subject, name }, kuid) {
    const present = await this.ofUser(kuid);
    const changed = { subject: subject ?? present._id, name: name ?? present.name };
    await this.identities.delete(present._id, { refresh: "wait_for" });
    return this.create(_request, changed, kuid);
  }

  async remove(_request, kuid) {
    const { _id } = await this.ofUser(kuid);
    await this.identities.delete(_id, { refresh: "wait_for" });
  }

  async exists(_request, kuid) {
    return (await this.find({ term: { kuid } })) !== undefined;
  }

  async getInfo(_request, kuid) {
    const { _id, name } = await this.ofUser(kuid);
    return { subject: _id, name };
  }

  async getById(_request, subject) {
    const identity = await this.bySubject(subject);
    if (identity === undefined) throw new this.context.errors.NotFoundError(`Nobody has the login "${subject}".`);
    return { subject, name: identity.name, kuid: identity.kuid };
  }

  async search(body, { from, size }) {
    const { hits, total } = await this.identities.search(body, { from, size });
    return { hits: hits.map(({ _id, kuid, name }) => ({ kuid, subject: _id, name })), total };
  }
};
